package partyline.drivers.twilio;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import partyline.kernel.PhoneNumber;
import partyline.transport.LineSetup;

/// Reads from Twilio's list what its calls did not tell: they get lost, and none come while this server is down.
final class TwilioCatchUp {

    private static final String READ_UNTIL = "twilio_read_until";
    /// What Twilio showed shortly before the newest that we have read is read again: it may be late.
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    /// What bears a later date than this from now would hide all that comes until then.
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final LineSetup setup;
    private final TwilioClient calls;
    private final TwilioWebhooks hooks;
    private final TwilioInboundTranslator news;

    TwilioCatchUp(LineSetup setup, TwilioConnection connection, TwilioInboundTranslator news) {
        this.setup = setup;
        this.calls = connection.calls();
        this.hooks = connection.hooks();
        this.news = news;
    }

    void run() {
        Instant from = readUntil();
        Instant oldest = from.minus(OVERLAP);
        Instant latest = setup.around().clock().instant().plus(CLOCKS_DIFFER);
        progress(oldest);
        String number = setup.line().number().text();
        TwilioForm query = new TwilioForm()
                .with("To", number)
                .with("DateSent>", oldest.atOffset(ZoneOffset.UTC).toLocalDate().toString())
                .with("PageSize", "100");
        Optional<List<TwilioProviderMessage>> listed =
                calls.messages(query, told -> told.times().created().isBefore(oldest));
        if (listed.isEmpty()) {
            return;
        }
        for (TwilioProviderMessage told : listed.get().reversed()) {
            if (!received(told)) {
                return;
            }
            if (told.times().created().isAfter(from) && told.times().created().isBefore(latest)) {
                from = told.times().created();
                setup.around().memory().keep(setup.line(), READ_UNTIL, from.toString());
            }
        }
    }

    /// False when it must be read again later.
    private boolean received(TwilioProviderMessage told) {
        Optional<PhoneNumber> person = told.ends().from();
        hooks.refused().listed(told.sid());
        if (!told.ends().inbound() || person.isEmpty()) {
            return true;
        }
        Optional<List<TwilioInboundTranslator.Media>> media =
                told.media() == 0 ? Optional.of(List.of()) : calls.media(told.sid());
        media.ifPresent(known -> news.received(new TwilioInboundTranslator.Written(
                person.get(), told.times().created(), told.sid(), told.body(), known, "")));
        return media.isPresent();
    }

    /// Twilio's list has no filter by change, so the newest hundred of ours are looked at.
    private void progress(Instant oldest) {
        TwilioForm ours =
                new TwilioForm().with("From", setup.line().number().text()).with("PageSize", "100");
        calls.messages(ours, _ -> false, 1).orElse(List.of()).stream()
                .filter(told -> told.times().updated().isAfter(oldest))
                .filter(told -> setup.around().memory().isSent(setup.line(), told.sid()))
                .forEach(told -> {
                    hooks.refused().listed(told.sid());
                    news.progress(told.sid(), told.progress(), told.times().updated());
                });
    }

    /// The first run begins now: what was written before somebody connected this line is not for us.
    private Instant readUntil() {
        return setup.around()
                .memory()
                .recall(setup.line(), READ_UNTIL)
                .map(Instant::parse)
                .orElseGet(() -> {
                    Instant now = setup.around().clock().instant();
                    setup.around().memory().keep(setup.line(), READ_UNTIL, now.toString());
                    return now;
                });
    }
}
