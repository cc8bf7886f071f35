package partyline.kernel;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The readers that wait for events, by organization, so that one's traffic costs another nothing. Thread-safe.
final class Notifier {

    private final ConcurrentMap<OrganizationId, Set<StreamListener>> open = new ConcurrentHashMap<>();

    StreamListener open(EventFilter filter) {
        StreamListener watch = new StreamListener(filter, this::leave);
        open.compute(filter.organization(), (_, others) -> {
            Set<StreamListener> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(watch);
            return all;
        });
        return watch;
    }

    void ring(Event.Draft draft) {
        for (StreamListener watch : of(draft.organization())) {
            if (watch.filter().takes(draft.identity(), draft.type())) {
                watch.ring();
            }
        }
    }

    boolean any(OrganizationId organization, Id identity, String type) {
        return of(organization).stream().anyMatch(watch -> watch.filter().takes(Optional.of(identity), type));
    }

    private Set<StreamListener> of(OrganizationId organization) {
        return open.getOrDefault(organization, Set.of());
    }

    private void leave(StreamListener watch) {
        open.computeIfPresent(watch.filter().organization(), (_, all) -> {
            all.remove(watch);
            return all.isEmpty() ? null : all;
        });
    }
}
