package partyline.kernel;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The readers that wait for events, by organization, so that one's traffic costs another nothing. Thread-safe.
final class Watches {

    private final ConcurrentMap<OrganizationId, Set<Watch>> open = new ConcurrentHashMap<>();

    Watch open(EventFilter filter) {
        Watch watch = new Watch(filter, this::leave);
        open.compute(filter.organization(), (_, others) -> {
            Set<Watch> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(watch);
            return all;
        });
        return watch;
    }

    void ring(Event.Draft draft) {
        for (Watch watch : of(draft.organization())) {
            if (watch.filter().takes(draft.identity(), draft.type())) {
                watch.ring();
            }
        }
    }

    boolean any(OrganizationId organization, Id identity, String type) {
        return of(organization).stream().anyMatch(watch -> watch.filter().takes(Optional.of(identity), type));
    }

    private Set<Watch> of(OrganizationId organization) {
        return open.getOrDefault(organization, Set.of());
    }

    private void leave(Watch watch) {
        open.computeIfPresent(watch.filter().organization(), (_, all) -> {
            all.remove(watch);
            return all.isEmpty() ? null : all;
        });
    }
}
