package partyline.webhooks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import partyline.kernel.OrganizationId;

/// How much text waits in memory to be told, in characters, of which one organization has a share at most.
/// Thread-safe.
final class HeldText {

    private static final long MOST = 16 * 1_024 * 1_024;
    private static final long SHARE = 4 * 1_024 * 1_024;

    private final AtomicLong all = new AtomicLong();
    private final Map<OrganizationId, AtomicLong> own = new ConcurrentHashMap<>();

    /// Holds so much more of an organization's, or with a number below zero so much less.
    void add(OrganizationId organization, long characters) {
        all.addAndGet(characters);
        own(organization).addAndGet(characters);
    }

    /// Whether it is time to take little at once for this organization.
    boolean isMuch(OrganizationId organization) {
        return own(organization).get() > SHARE || all.get() > MOST;
    }

    long all() {
        return all.get();
    }

    private AtomicLong own(OrganizationId organization) {
        return own.computeIfAbsent(organization, _ -> new AtomicLong());
    }
}
