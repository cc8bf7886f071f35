package partyline.router;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.rules.Consents;
import partyline.transport.Line;
import partyline.transport.Stranger;

/// What somebody is told who texts the router from a mail address: that it needs their number, and how to text from
/// that. The `router_stranger` table remembers whom, by a keyed digest alone, so that nobody hears it twice and no
/// program goes on; all of them together get few answers in a day.
final class Strangers {

    /// What came earlier is answered by nobody: a line may bring old news when it is started.
    private static final Duration RECENT = Duration.ofHours(1);

    private static final Duration DAY = Duration.ofDays(1);
    private static final int PER_DAY = 20;
    private static final Duration MEMORY = Duration.ofDays(365);
    /// Whom nobody reads there, or a program does.
    private static final Pattern AUTOMATIC = Pattern.compile("(?:.*[._+-])?(?:no|do[._-]?not|never|dont)[._-]?reply.*"
            + "|(?:mailer-daemon|postmaster|bounces?|notifications?|notify|alerts?|news|newsletter|info|support|service"
            + "|automated|auto|billing|security|verify|system|robot|bot)(?:[._+-].*)?@.*");

    private final InstantSource clock;
    private final ConsentWords consent;
    private final Consents consents;

    Strangers(InstantSource clock, ConsentWords consent, Consents consents) {
        this.clock = clock;
        this.consent = consent;
        this.consents = consents;
    }

    /// What to tell them, if anything.
    Optional<String> answer(Tx tx, Line router, Stranger stranger) {
        Instant now = clock.instant();
        String address = stranger.address().toLowerCase(Locale.ROOT);
        boolean asks = stranger.kind() == Stranger.Kind.MAIL_ADDRESS
                && !AUTOMATIC.matcher(address).matches()
                && stranger.text() != null
                && !stranger.text().isBlank()
                && stranger.at().isAfter(now.minus(RECENT));
        boolean stops = consent.wishOf(stranger.text(), stranger.service())
                .filter(ConsentWords.Wish.STOP::equals)
                .isPresent();
        boolean first = asks && isNew(tx, router, address, now, stops ? Integer.MAX_VALUE : PER_DAY);
        return first && !stops ? Optional.of(Texts.needsNumber(router.number())) : Optional.empty();
    }

    /// Notes whoever was not heard of yet, unless there were `most` of late.
    private boolean isNew(Tx tx, Line router, String address, Instant now, int most) {
        tx.run("DELETE FROM router_stranger WHERE at < ?", Timestamps.micros(now.minus(MEMORY)));
        return tx.run(
                        """
                        INSERT INTO router_stranger (sender, line, at)
                        SELECT ?1, ?2, ?3
                         WHERE (SELECT count(*) FROM router_stranger WHERE line = ?2 AND at > ?4) < ?5
                        ON CONFLICT DO NOTHING
                        """,
                        HexFormat.of().parseHex(consents.fingerprint(router.id() + " " + address)),
                        router.id(),
                        Timestamps.micros(now),
                        Timestamps.micros(now.minus(DAY)),
                        most)
                == 1;
    }
}
