package partyline.torture;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import partyline.torture.Findings.Kind;
import partyline.torture.History.Bubble;
import partyline.torture.History.Listed;
import partyline.torture.History.Send;
import partyline.torture.History.Tap;
import partyline.torture.History.Text;
import partyline.torture.History.Told;

/// Holds a history against the promises: what was answered with success is there, once; what was refused is not; what
/// was cut off is there once or not at all; every message ended honestly and in its order; every event that is owed was
/// told. Takes nobody's word but that of the history.
final class Judge {

    private static final Set<String> GIVEN_UP = Set.of("declined", "error");

    private final History history;
    private final Findings findings = new Findings();
    private final Map<String, List<Listed>> listed;
    private final Map<String, List<Bubble>> shown;

    private Judge(History history) {
        this.history = history;
        this.listed = by(history.messages(), Listed::text);
        this.shown = by(history.bubbles(), Bubble::text);
    }

    static Judgement of(History history) {
        Judge judge = new Judge(history);
        history.sends().forEach(judge::send);
        history.texts().forEach(judge::text);
        judge.strangers();
        judge.order();
        judge.counts();
        judge.tapbacks();
        new EventJudge(history, judge.findings).judge();
        return judge.findings.verdict();
    }

    private void send(Send send) {
        List<Listed> kept = listed.getOrDefault(send.text(), List.of());
        List<Bubble> seen = shown.getOrDefault(send.text(), List.of());
        String what = send + " is listed as " + kept + " and shown as " + seen;
        account(send.told(), kept.size(), what);
        findings.demand(seen.size() <= kept.size(), Kind.DOUBLED, what);
        findings.demand(seen.stream().noneMatch(Bubble::mine), Kind.WRONG, what);
        if (kept.size() == 1) {
            end(kept.getFirst(), seen.size(), what);
        }
    }

    /// How an accepted send ended: shown and said so, or given up and not shown, unless nobody can know.
    private void end(Listed message, int bubbles, String what) {
        if (message.state().equals("delivered")) {
            findings.count(Kind.DELIVERED);
            findings.demand(bubbles > 0, Kind.LOST, what);
        } else if (GIVEN_UP.contains(message.state())) {
            findings.count(Kind.DECLINED);
            findings.demand(
                    bubbles == 0 || message.marks().code().equals("outcome_unknown"),
                    Kind.WRONG,
                    "not honest: " + what);
        } else {
            findings.object(Kind.LOST, "never ended: " + what);
        }
    }

    private void text(Text text) {
        List<Listed> kept = listed.getOrDefault(text.text(), List.of());
        List<Bubble> seen = shown.getOrDefault(text.text(), List.of());
        String what = text + " is shown as " + seen + " and listed as " + kept;
        account(text.told(), seen.size(), what);
        findings.demand(seen.stream().allMatch(Bubble::mine), Kind.WRONG, what);
        if (text.agent().isEmpty()) {
            findings.demand(kept.isEmpty(), Kind.WRONG, "nobody was connected: " + what);
            return;
        }
        findings.demand(kept.size() >= seen.size(), Kind.LOST, what);
        findings.demand(kept.size() <= seen.size(), Kind.DOUBLED, what);
        boolean right = kept.stream()
                .allMatch(it -> it.agent().equals(text.agent())
                        && it.person().equals(text.person())
                        && it.state().equals("received"));
        findings.demand(right, Kind.WRONG, what);
        if (kept.size() == 1 && seen.size() == 1 && right) {
            findings.count(Kind.DELIVERED);
        }
    }

    /// Whether something is there as often as its answer allows.
    private void account(Told told, int times, String what) {
        switch (told) {
            case DONE -> {
                findings.count(Kind.ACCEPTED);
                findings.demand(times > 0, Kind.LOST, what);
            }
            case REFUSED -> findings.demand(times == 0, Kind.WRONG, "refused, and yet: " + what);
            case CUT -> {
                findings.count(Kind.CUT);
                if (times > 0) {
                    findings.count(Kind.HAPPENED);
                }
            }
        }
        findings.demand(times <= 1, Kind.DOUBLED, what);
    }

    /// Nothing may be there that nobody said.
    private void strangers() {
        Set<String> said = Stream.concat(
                        history.sends().stream().map(Send::text),
                        history.texts().stream().map(Text::text))
                .collect(toSet());
        for (Listed message : history.messages()) {
            findings.demand(said.contains(message.text()), Kind.WRONG, "nobody said " + message);
        }
    }

    /// What both sides show of a conversation stands in one order, in either direction. Who reconnects may get another
    /// line, so a conversation may lie in several threads of a phone, and each has its own order.
    private void order() {
        for (boolean outbound : List.of(true, false)) {
            Map<String, List<Listed>> talks = by(
                    history.messages().stream()
                            .filter(it -> it.outbound() == outbound && shown.containsKey(it.text()))
                            .toList(),
                    it -> it.agent() + " with " + it.person());
            talks.forEach((talk, messages) -> {
                Set<String> told = new LinkedHashSet<>();
                messages.forEach(message -> told.add(message.text()));
                by(
                                history.bubbles().stream()
                                        .filter(it -> told.contains(it.text()))
                                        .toList(),
                                Bubble::line)
                        .forEach((line, thread) -> order(talk + " on " + line, told, thread));
            });
        }
    }

    private void order(String talk, Set<String> told, List<Bubble> thread) {
        List<String> seen = thread.stream().map(Bubble::text).distinct().toList();
        List<String> listed = told.stream().filter(seen::contains).toList();
        findings.demand(
                seen.equals(listed), Kind.WRONG, "out of order, " + talk + ": listed " + listed + ", shown " + seen);
    }

    /// The counts of a conversation are those of its list.
    private void counts() {
        Map<String, List<Listed>> talks = by(history.messages(), it -> it.agent() + " with " + it.person());
        history.talks().forEach(talk -> {
            List<Listed> messages = talks.getOrDefault(talk.agent() + " with " + talk.person(), List.of());
            long unread = messages.stream()
                    .filter(it -> !it.outbound() && !it.marks().read())
                    .count();
            findings.demand(
                    talk.total() == messages.size() && talk.unread() == unread,
                    Kind.WRONG,
                    "miscounted: " + talk + ", but its list has " + messages.size() + " with " + unread + " unread");
        });
        Map<String, Long> each = history.talks().stream()
                .collect(groupingBy(talk -> talk.agent() + " with " + talk.person(), counting()));
        each.forEach((talk, times) -> findings.demand(times == 1, Kind.DOUBLED, "the conversation " + talk));
    }

    /// The last tapback that was answered stands on the phone and in the list; where an answer was cut off, either may.
    private void tapbacks() {
        by(history.taps(), tap -> tap.text() + " " + tap.byAgent()).values().forEach(this::tapback);
    }

    private void tapback(List<Tap> taps) {
        List<Tap> counted = new ArrayList<>(taps);
        counted.removeIf(tap -> tap.told() == Told.REFUSED);
        boolean certain = counted.stream().allMatch(tap -> tap.told() == Told.DONE);
        if (counted.isEmpty() || !certain) {
            return;
        }
        Tap last = counted.getLast();
        boolean seen = shown.getOrDefault(last.text(), List.of()).stream()
                .allMatch(it -> last.reaction().equals(last.byAgent() ? it.agentReaction() : it.personReaction()));
        boolean kept = listed.getOrDefault(last.text(), List.of()).stream()
                .map(Listed::marks)
                .allMatch(it -> last.reaction().equals(last.byAgent() ? it.agentReaction() : it.personReaction()));
        findings.demand(seen && kept, Kind.LOST, "the tapback " + last);
    }

    private static <T> Map<String, List<T>> by(List<T> all, Function<T, String> key) {
        return all.stream().collect(groupingBy(key));
    }
}
