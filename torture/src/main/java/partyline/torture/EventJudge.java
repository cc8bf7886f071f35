package partyline.torture;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import partyline.torture.Findings.Kind;
import partyline.torture.History.Event;
import partyline.torture.History.Listed;

/// The judge of events: each step of each message is in the journal once, a receiver got everything that is in the
/// journal, and the reader of the stream read the journal from end to end.
final class EventJudge {

    private final History history;
    private final Findings findings;

    EventJudge(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void judge() {
        steps();
        posts();
        streams();
    }

    private void steps() {
        Map<String, Long> journal =
                history.journal().stream().collect(groupingBy(it -> it.type() + " " + it.message(), counting()));
        for (Listed message : history.messages()) {
            for (String type : owed(message)) {
                long times = journal.getOrDefault(type + " " + message.id(), 0L);
                findings.demand(times > 0, Kind.MISSING, "the journal has no " + type + " for " + message);
                findings.demand(times <= 1, Kind.DOUBLED, "the journal has " + times + " " + type + " for " + message);
            }
        }
    }

    private static List<String> owed(Listed message) {
        return switch (message.state()) {
            case "received" -> List.of("imessage.received");
            case "delivered" -> List.of("imessage.sent", "imessage.delivered");
            case "declined", "error" -> List.of("imessage.delivery_failed");
            default -> List.of();
        };
    }

    private void posts() {
        Set<String> journal = history.journal().stream().map(Event::id).collect(toSet());
        Map<String, Integer> posted = history.posts().stream().collect(toMap(Event::id, _ -> 1, Integer::sum));
        for (Event event : history.journal()) {
            findings.count(Kind.OWED);
            int times = posted.getOrDefault(event.id(), 0);
            if (times == 0) {
                findings.object(Kind.MISSING, "no receiver got " + event);
            } else {
                findings.count(Kind.RECEIVED);
            }
            for (int again = 1; again < times; again++) {
                findings.count(Kind.REPEATED);
            }
        }
        posted.keySet()
                .forEach(id -> findings.demand(journal.contains(id), Kind.WRONG, "posted, but never was: " + id));
    }

    private void streams() {
        Map<String, List<Event>> read = history.stream().stream().collect(groupingBy(Event::agent));
        history.journal().stream().collect(groupingBy(Event::agent)).forEach((agent, journal) -> {
            List<Long> want = journal.stream().map(Event::seq).toList();
            List<Long> got =
                    read.getOrDefault(agent, List.of()).stream().map(Event::seq).toList();
            findings.demand(rising(want), Kind.DOUBLED, "the journal of " + agent + " does not rise: " + want);
            findings.demand(rising(got), Kind.DOUBLED, "the stream of " + agent + " told something again: " + got);
            List<Long> gaps = new ArrayList<>(want);
            gaps.removeAll(Set.copyOf(got));
            gaps.forEach(seq -> findings.object(Kind.GAP, "the stream of " + agent + " left out event " + seq));
        });
    }

    private static boolean rising(List<Long> numbers) {
        for (int at = 1; at < numbers.size(); at++) {
            if (numbers.get(at) <= numbers.get(at - 1)) {
                return false;
            }
        }
        return true;
    }
}
