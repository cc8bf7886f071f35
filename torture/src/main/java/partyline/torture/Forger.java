package partyline.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import partyline.torture.History.Bubble;
import partyline.torture.History.Event;
import partyline.torture.History.Listed;

/// Falsifies a clean history in one place each, so that a judge who would let it pass is found out.
final class Forger {

    private Forger() {}

    /// The forgeries that the judge of this history does not notice; none, if it is any good.
    static List<String> unnoticed(History history) {
        List<String> passed = new ArrayList<>();
        Event event = history.journal().getLast();
        Bubble sent = last(history.bubbles(), it -> !it.mine());
        Listed received = last(history.messages(), it -> !it.outbound());
        tryOut(passed, "a sent message is not on the phone", history, it -> with(it, without(it.bubbles(), sent)));
        tryOut(passed, "a sent message is on the phone twice", history, it -> with(it, twice(it.bubbles(), sent)));
        tryOut(passed, "a text is not in the list", history, it -> listing(it, without(it.messages(), received)));
        tryOut(passed, "a text is in the list twice", history, it -> listing(it, twice(it.messages(), received)));
        tryOut(passed, "an event came to no receiver", history, it -> posting(it, event));
        tryOut(
                passed,
                "the stream left an event out",
                history,
                it -> streaming(it, without(it.stream(), same(it, event))));
        tryOut(
                passed,
                "the stream told an event twice",
                history,
                it -> streaming(it, twice(it.stream(), same(it, event))));
        return passed;
    }

    private static void tryOut(List<String> passed, String what, History clean, UnaryOperator<History> forgery) {
        if (Judge.of(forgery.apply(clean)).clean()) {
            passed.add(what);
        }
    }

    private static History with(History of, List<Bubble> bubbles) {
        return new History(
                of.sends(),
                of.texts(),
                of.taps(),
                bubbles,
                of.messages(),
                of.talks(),
                of.journal(),
                of.posts(),
                of.stream());
    }

    private static History listing(History of, List<Listed> messages) {
        return new History(
                of.sends(),
                of.texts(),
                of.taps(),
                of.bubbles(),
                messages,
                of.talks(),
                of.journal(),
                of.posts(),
                of.stream());
    }

    private static History posting(History of, Event unposted) {
        List<Event> posts =
                of.posts().stream().filter(it -> !it.id().equals(unposted.id())).toList();
        return new History(
                of.sends(),
                of.texts(),
                of.taps(),
                of.bubbles(),
                of.messages(),
                of.talks(),
                of.journal(),
                posts,
                of.stream());
    }

    private static History streaming(History of, List<Event> stream) {
        return new History(
                of.sends(),
                of.texts(),
                of.taps(),
                of.bubbles(),
                of.messages(),
                of.talks(),
                of.journal(),
                of.posts(),
                stream);
    }

    private static Event same(History of, Event event) {
        return last(of.stream(), it -> it.id().equals(event.id()));
    }

    private static <T> T last(List<T> all, Predicate<T> wish) {
        return all.reversed().stream().filter(wish).findFirst().orElseThrow();
    }

    private static <T> List<T> without(List<T> all, T one) {
        List<T> fewer = new ArrayList<>(all);
        fewer.remove(one);
        return fewer;
    }

    private static <T> List<T> twice(List<T> all, T one) {
        List<T> more = new ArrayList<>(all);
        more.add(one);
        return more;
    }
}
