package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Database;
import partyline.kernel.StorageFull;
import partyline.kernel.Tx;

/// Receipts on their way to what they belong to. One may overtake the answer to its own send: it is parked until the
/// provider id is recorded. Receipts of the router's words have told all that they can, and end here.
final class Receipts {

    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
    private static final Duration LONGEST_PARKING = Duration.ofHours(24);

    private final Database database;
    private final InstantSource clock;
    private final ReceiptStore store = new ReceiptStore();
    private final OutboxStore outbox = new OutboxStore();

    Receipts(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Applies `receipt`, or parks it when nothing has its provider id yet or `handler` fails over it.
    ///
    /// @throws StorageFull when neither can be done now: the driver brings it again.
    void receive(Receipt receipt, InboundHandler handler) {
        try {
            database.update(tx -> {
                if (!handler.receipt(tx, receipt) && !belongsToWords(tx, receipt)) {
                    store.park(tx, receipt, clock.instant());
                }
            });
        } catch (StorageFull e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("event=receipt_failed line={} provider_id={}", receipt.line(), receipt.providerId(), e);
            database.update(tx -> store.park(tx, receipt, clock.instant()));
        }
    }

    /// Takes the receipts that waited for this provider id, oldest first.
    List<Receipt> claim(Tx tx, String line, String providerId) {
        return store.take(tx, line, providerId);
    }

    void prune(Tx tx, Instant now) {
        store.prune(tx, now.minus(LONGEST_PARKING));
    }

    private boolean belongsToWords(Tx tx, Receipt receipt) {
        boolean words = outbox.wasSaid(tx, receipt.line(), receipt.providerId());
        if (words && receipt.kind() == Receipt.Kind.FAILED) {
            LOG.warn("event=words_failed line={} provider_id={}", receipt.line(), receipt.providerId());
        }
        return words;
    }
}
