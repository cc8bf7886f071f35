package partyline.router;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// How much the router may say to one person, so that two programs cannot talk to each other for ever. The
/// `router_spoken` table remembers; what is older than its period is forgotten as new words come.
final class Quota {

    private final InstantSource clock;
    private final String kind;
    private final int most;
    private final Duration period;

    Quota(InstantSource clock, String kind, int most, Duration period) {
        this.clock = clock;
        this.kind = kind;
        this.most = most;
        this.period = period;
    }

    /// Takes one from the person's share; false when it is used up.
    boolean take(Tx tx, PhoneNumber person) {
        Instant now = clock.instant();
        tx.handle()
                .createUpdate("DELETE FROM router_spoken WHERE person = :person AND kind = :kind AND at <= :since")
                .bind("person", person.text())
                .bind("kind", kind)
                .bind("since", Timestamps.micros(now.minus(period)))
                .execute();
        return tx.handle()
                        .createUpdate("""
                                INSERT INTO router_spoken (person, kind, at)
                                SELECT :person, :kind, :now
                                 WHERE (SELECT count(*) FROM router_spoken WHERE person = :person AND kind = :kind) < :most
                                """)
                        .bind("person", person.text())
                        .bind("kind", kind)
                        .bind("now", Timestamps.micros(now))
                        .bind("most", most)
                        .execute()
                == 1;
    }

    /// Whether the person has none left now.
    boolean isUsedUp(Tx tx, PhoneNumber person) {
        return tx.handle()
                        .createQuery("""
                                SELECT count(*) FROM router_spoken
                                 WHERE person = :person AND kind = :kind AND at > :since
                                """)
                        .bind("person", person.text())
                        .bind("kind", kind)
                        .bind("since", Timestamps.micros(clock.instant().minus(period)))
                        .mapTo(int.class)
                        .one()
                >= most;
    }
}
