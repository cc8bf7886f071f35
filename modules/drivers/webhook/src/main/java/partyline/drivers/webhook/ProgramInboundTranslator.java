package partyline.drivers.webhook;

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

/// Makes news of what the program posts to the line's address: `text`, `edit`, `unsend`, `tapback`,
/// `receipt`, `typing`. Thread-safe.
record ProgramInboundTranslator(LineSetup setup, Handshake handshake, Inbound inbound) {

    private static final Set<String> REACTIONS =
            Set.of("love", "like", "dislike", "laugh", "emphasize", "question", "eyes", "custom");

    /// @throws ProgramRequest.Wrong naming the key and the fix.
    News take(ProgramRequest body) throws ProgramRequest.Wrong {
        return switch (body.required("type")) {
            case "text" -> text(body);
            case "edit" ->
                inbound.accept(new TextEdited(
                        setup.id(),
                        body.person(),
                        body.at(setup.now()),
                        body.id(),
                        body.required("target"),
                        body.required("text")));
            case "unsend" ->
                inbound.accept(new TextUnsent(
                        setup.id(), body.person(), body.at(setup.now()), body.id(), body.required("target")));
            case "tapback" -> tapback(body);
            case "receipt" -> receipt(body);
            case "typing" -> {
                inbound.typing(setup.id(), body.person(), body.flag("typing"));
                yield News.NEW;
            }
            default ->
                throw new ProgramRequest.Wrong("type", "must be one of text, edit, unsend, tapback, receipt, typing");
        };
    }

    private News text(ProgramRequest body) throws ProgramRequest.Wrong {
        if (body.text("text") == null && body.text("media_url") == null) {
            throw new ProgramRequest.Wrong("text", "is missing, and media_url as well");
        }
        PhoneNumber person = body.person();
        Optional<Service> service = body.service();
        service.ifPresent(told -> handshake.saw(person, told));
        return inbound.accept(new TextReceived(
                setup.id(),
                person,
                body.at(setup.now()),
                body.id(),
                body.text("text"),
                body.text("media_url"),
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
                body.person(),
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
