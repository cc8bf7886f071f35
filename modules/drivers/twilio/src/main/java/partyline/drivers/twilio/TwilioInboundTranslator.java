package partyline.drivers.twilio;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Bookmark;
import partyline.drivers.RefusedCalls;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// Makes news of what Twilio tells: in its calls, and in its list of messages, since calls get lost, and none
/// come while this server is down. Thread-safe.
record TwilioInboundTranslator(LineSetup setup, Inbound inbound) {

    /// What Twilio showed shortly before the newest that we have read is read again: it may be late.
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    /// Something that came along with a text.
    record Media(String url, String contentType) {}

    /// What a person sent; `optOut` is Twilio's own reading of it: STOP, START, HELP, or empty.
    record Written(PhoneNumber from, Instant at, String sid, String body, List<Media> media, String optOut) {

        Written {
            media = List.copyOf(media);
        }
    }

    void received(Written written) {
        String text = words(written);
        if (text == null && written.media().isEmpty()) {
            dropped("empty");
        } else {
            texts(written, text).forEach(inbound::accept);
        }
    }

    void progress(String sid, TwilioProviderMessage.Progress progress, Instant at) {
        progress.kind().ifPresent(kind -> inbound.receipt(new Receipt(setup.id(), sid, kind, at, progress.failure())));
    }

    void dropped(String reason) {
        inbound.dropped(setup.id(), reason);
    }

    /// Reads what the calls did not tell; `refused` hears of all that is listed.
    void catchUp(TwilioClient client, Bookmark bookmark, RefusedCalls refused) {
        Instant oldest = bookmark.at().minus(OVERLAP);
        progress(client, refused, oldest);
        Map<String, String> hers = Map.of(
                "To", setup.line().number().text(),
                "DateSent>", oldest.atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                "PageSize", "100");
        for (TwilioProviderMessage listed : client.messages(
                        hers, it -> it.created().isBefore(oldest))
                .orElse(List.of())
                .reversed()) {
            refused.listed(listed.sid());
            if (!received(listed, client)) {
                break;
            }
            bookmark.pass(listed.created());
        }
        bookmark.keep();
    }

    /// False when it must be read again later.
    private boolean received(TwilioProviderMessage listed, TwilioClient client) {
        Optional<PhoneNumber> person = listed.from();
        if (!listed.inbound() || person.isEmpty()) {
            return true;
        }
        Optional<List<Media>> media = listed.media() == 0 ? Optional.of(List.of()) : client.media(listed.sid());
        media.ifPresent(
                known -> received(new Written(person.get(), listed.created(), listed.sid(), listed.body(), known, "")));
        return media.isPresent();
    }

    /// Twilio's list has no filter by change, so the newest hundred of ours are looked at.
    private void progress(TwilioClient client, RefusedCalls refused, Instant oldest) {
        client.newest(Map.of("From", setup.line().number().text(), "PageSize", "100")).stream()
                .filter(listed -> listed.updated().isAfter(oldest))
                .filter(listed -> setup.around().memory().isSent(setup.line(), listed.sid()))
                .forEach(listed -> {
                    refused.listed(listed.sid());
                    progress(listed.sid(), listed.progress(), listed.updated());
                });
    }

    /// Twilio knows more words for STOP and START than we do, in more languages, and has acted on them already.
    private static @Nullable String words(Written written) {
        if (written.optOut().equals("STOP") || written.optOut().equals("START")) {
            return written.optOut();
        }
        return written.body().isEmpty() ? null : written.body();
    }

    /// A text carries one picture; further ones follow as texts of their own.
    private List<TextReceived> texts(Written written, @Nullable String text) {
        List<TextReceived> texts = new ArrayList<>();
        int parts = Math.max(1, written.media().size());
        for (int at = 0; at < parts; at++) {
            Optional<Media> media = written.media().isEmpty()
                    ? Optional.empty()
                    : Optional.of(written.media().get(at));
            texts.add(new TextReceived(
                    setup.id(),
                    written.from(),
                    written.at(),
                    at == 0 ? written.sid() : written.sid() + "/" + at,
                    at == 0 ? text : null,
                    media.map(Media::url).orElse(null),
                    media.map(Media::contentType).filter(it -> !it.isEmpty()).orElse(null),
                    Service.SMS,
                    null));
        }
        return texts;
    }
}
