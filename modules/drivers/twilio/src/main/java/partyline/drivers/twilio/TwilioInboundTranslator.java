package partyline.drivers.twilio;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// Makes news of what Twilio tells, whether it called us or we asked: texts and receipts. Thread-safe.
final class TwilioInboundTranslator {

    /// Something that came along with a text.
    record Media(String url, String contentType) {}

    /// What a person sent; `optOut` is Twilio's own reading of it: STOP, START, HELP, or empty.
    record Written(PhoneNumber from, Instant at, String sid, String body, List<Media> media, String optOut) {

        Written {
            media = List.copyOf(media);
        }
    }

    private final LineSetup setup;
    private final Inbound inbound;

    TwilioInboundTranslator(LineSetup setup, Inbound inbound) {
        this.setup = setup;
        this.inbound = inbound;
    }

    void received(Written written) {
        String text = words(written);
        if (text == null && written.media().isEmpty()) {
            inbound.dropped(setup.line().id(), "empty");
        } else {
            texts(written, text).forEach(inbound::accept);
        }
    }

    void progress(String sid, TwilioProviderMessage.Progress progress, Instant at) {
        progress.kind()
                .ifPresent(kind -> inbound.receipt(new Receipt(setup.line().id(), sid, kind, at, progress.failure())));
    }

    void dropped(String reason) {
        inbound.dropped(setup.line().id(), reason);
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
                    setup.line().id(),
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
