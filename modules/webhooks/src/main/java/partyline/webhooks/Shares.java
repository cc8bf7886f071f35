package partyline.webhooks;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import partyline.kernel.OrganizationId;

/// Calls that may be on at once: a number for all, of which one organization has a share at most. Who waits
/// for its own share holds nothing that others want. Thread-safe.
final class Shares {

    private final Semaphore all;
    private final int share;
    private final Map<OrganizationId, Semaphore> own = new ConcurrentHashMap<>();

    Shares(int all, int share) {
        this.all = new Semaphore(all, true);
        this.share = share;
    }

    /// Waits for a place of this organization's.
    void acquire(OrganizationId organization) throws InterruptedException {
        Semaphore mine = own(organization);
        mine.acquire();
        try {
            all.acquire();
        } catch (InterruptedException e) {
            mine.release();
            throw e;
        }
    }

    /// False at once when the organization uses up its share, and after `patience` when the others leave no
    /// place.
    boolean tryAcquire(OrganizationId organization, Duration patience) throws InterruptedException {
        Semaphore mine = own(organization);
        if (!mine.tryAcquire()) {
            return false;
        }
        boolean taken = false;
        try {
            taken = all.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
            return taken;
        } finally {
            if (!taken) {
                mine.release();
            }
        }
    }

    void release(OrganizationId organization) {
        all.release();
        own(organization).release();
    }

    private Semaphore own(OrganizationId organization) {
        return own.computeIfAbsent(organization, _ -> new Semaphore(share, true));
    }
}
