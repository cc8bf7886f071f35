package partyline.router;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Service;

/// The words with which people say that they want no texts, or want them again, and what they are answered.
///
/// A word counts when it is the whole text, in any case, with or without a full stop. `stop` counts everywhere,
/// `stopOnSms` only in what came as SMS or RCS: on iMessage a person may well say "cancel" to an agent. In an answer,
/// `{router}` stands for the number to text and `{agent}` for the agent's handle.
public record ConsentWords(Set<String> stop, Set<String> stopOnSms, Set<String> start, Answers answers) {

    /// What people are answered: `stopped` and `started` by the router, `released` in an agent's own thread.
    public record Answers(String stopped, String released, String started) {

        private static String filled(String answer, String router) {
            return answer.replace("{router}", router);
        }

        String toStop(Line router) {
            return filled(stopped, router.number().text());
        }

        String toStart(Line router) {
            return filled(started, router.number().text());
        }

        String toRelease(String agent, String router) {
            return filled(released, router).replace("{agent}", agent);
        }
    }

    /// The words that North American carriers know, but for YES, which people say to mean other things.
    public static final ConsentWords DEFAULT = new ConsentWords(
            Set.of("STOP", "STOPALL", "UNSUBSCRIBE"),
            Set.of("QUIT", "END", "CANCEL", "OPTOUT", "OPT OUT", "REVOKE"),
            Set.of("START", "UNSTOP"),
            new Answers(Texts.STOPPED, Texts.RELEASED, Texts.STARTED));

    /// What a person wants.
    enum Wish {
        STOP,
        START
    }

    public ConsentWords {
        stop = tidied(stop);
        stopOnSms = tidied(stopOnSms);
        start = tidied(start);
        if (stop.isEmpty() || start.isEmpty()) {
            throw new IllegalArgumentException("there must be a word to stop and a word to start");
        }
        if (Stream.concat(stop.stream(), stopOnSms.stream()).anyMatch(start::contains)) {
            throw new IllegalArgumentException("a word cannot mean both stop and start");
        }
    }

    Optional<Wish> wishOf(TextReceived text) {
        String said = text.text() == null ? "" : Command.Grammar.tidy(text.text());
        if (stop.contains(said) || text.service() != Service.IMESSAGE && stopOnSms.contains(said)) {
            return Optional.of(Wish.STOP);
        }
        return start.contains(said) ? Optional.of(Wish.START) : Optional.empty();
    }

    private static Set<String> tidied(Set<String> words) {
        return words.stream()
                .map(Command.Grammar::tidy)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
