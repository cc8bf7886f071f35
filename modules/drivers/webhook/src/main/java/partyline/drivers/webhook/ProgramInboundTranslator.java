package partyline.drivers.webhook;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.Driver.Inbound.News;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;
import partyline.transport.Stranger;

/// Makes news of what the program posts to the line's address: `text`, `edit`, `unsend`, `tapback`,
/// `receipt`, `typing`. Thread-safe.
record ProgramInboundTranslator(LineSetup setup, Handshake handshake, ProgramFiles files, Inbound inbound) {

    private static final Set<String> REACTIONS =
            Set.of("love", "like", "dislike", "laugh", "emphasize", "question", "eyes", "custom");

    /// @throws ProgramRequest.Wrong naming the key and the fix.
    /// @throws IOException when a file that comes with it cannot be kept now.
    News take(ProgramRequest body) throws ProgramRequest.Wrong, IOException {
        return switch (body.required("type")) {
            case "text" -> text(body);
            case "edit" ->
                inbound.accept(new TextEdited(
                        setup.id(),
                        person(body),
                        body.at(setup.now()),
                        body.id(),
                        body.required("target"),
                        body.required("text")));
            case "unsend" ->
                inbound.accept(new TextUnsent(
                        setup.id(), person(body), body.at(setup.now()), body.id(), body.required("target")));
            case "tapback" -> tapback(body);
            case "receipt" -> receipt(body);
            case "typing" -> {
                inbound.typing(setup.id(), person(body), body.flag("typing"));
                yield News.NEW;
            }
            default ->
                throw new ProgramRequest.Wrong("type", "must be one of text, edit, unsend, tapback, receipt, typing");
        };
    }

    /// Who has no number is told of, since what they do is lost.
    private PhoneNumber person(ProgramRequest body) throws ProgramRequest.Wrong {
        String from = body.required("from");
        String type = body.required("type");
        if (setup.person(from).isEmpty() && !type.equals("typing")) {
            inbound.stranger(
                    setup.id(),
                    new Stranger(
                            from,
                            body.at(setup.now()),
                            type.equals("text") ? body.text("text") : null,
                            body.service().orElseGet(handshake::usually)));
        }
        return ProgramRequest.person(setup, from);
    }

    private News text(ProgramRequest body) throws ProgramRequest.Wrong, IOException {
        PhoneNumber person = person(body);
        Instant at = body.at(setup.now());
        String id = body.id();
        String media = files.media(body, person);
        if (body.text("text") == null && media == null) {
            throw new ProgramRequest.Wrong("text", "is missing, and a file as well");
        }
        Optional<Service> service = body.service();
        service.ifPresent(told -> handshake.saw(person, told));
        return inbound.accept(new TextReceived(
                setup.id(),
                person,
                at,
                id,
                body.text("text"),
                media,
                body.text("media_type"),
                body.text("media_name"),
                service.orElseGet(handshake::usually),
                body.text("send_style")));
    }

    private News tapback(ProgramRequest body) throws ProgramRequest.Wrong {
        String reaction = body.required("reaction").toLowerCase(Locale.ROOT);
        String emoji = body.text("emoji");
        if (!REACTIONS.contains(reaction)) {
            throw new ProgramRequest.Wrong(
                    "reaction", "must be love, like, dislike, laugh, emphasize, question, eyes or custom");
        }
        if (reaction.equals("custom") && emoji == null) {
            throw new ProgramRequest.Wrong("emoji", "is missing, which the reaction custom needs");
        }
        return inbound.accept(new TapbackReceived(
                setup.id(),
                person(body),
                body.at(setup.now()),
                body.id(),
                body.required("target"),
                reaction,
                emoji,
                body.number("part_index"),
                body.flag("removed")));
    }

    private News receipt(ProgramRequest body) throws ProgramRequest.Wrong {
        Receipt.Kind kind = body.one("status", body.required("status"), Receipt.Kind.values());
        Optional<Receipt.Failure> failure = kind == Receipt.Kind.FAILED
                ? Optional.of(new Receipt.Failure(
                        Optional.ofNullable(body.text("code")).orElse("delivery_error"),
                        Optional.ofNullable(body.text("detail")).orElse("The program does not say why.")))
                : Optional.empty();
        inbound.receipt(new Receipt(setup.id(), body.id(), kind, body.at(setup.now()), failure, body.service()));
        return News.NEW;
    }
}
