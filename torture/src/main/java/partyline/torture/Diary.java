package partyline.torture;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Where everybody writes down what they tried and what they were told, as it happens. Thread-safe.
final class Diary {

    private final Queue<History.Send> sends = new ConcurrentLinkedQueue<>();
    private final Queue<History.Text> texts = new ConcurrentLinkedQueue<>();
    private final Queue<History.Tap> taps = new ConcurrentLinkedQueue<>();
    private final Queue<History.Event> posts = new ConcurrentLinkedQueue<>();
    private final Queue<History.Event> stream = new ConcurrentLinkedQueue<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> refusals = new ConcurrentSkipListMap<>();

    void note(History.Send send) {
        sends.add(send);
    }

    void note(History.Text text) {
        texts.add(text);
    }

    void note(History.Tap tap) {
        taps.add(tap);
    }

    void notePost(History.Event event) {
        posts.add(event);
    }

    void noteStream(History.Event event) {
        stream.add(event);
    }

    /// Something went wrong that no later look can show, such as an answer of status 500.
    void complain(String sentence) {
        complaints.add(sentence);
    }

    /// Some request was answered with this status, which is not success.
    void noteRefusal(int status) {
        refusals.merge(status, 1, Integer::sum);
    }

    /// How often each status came that is not success.
    Map<Integer, Integer> refusals() {
        return Map.copyOf(refusals);
    }

    /// Whether an agent and a person were told that what they said to each other was taken.
    boolean hasBothSides() {
        return sends.stream().anyMatch(it -> it.told() == History.Told.DONE)
                && texts.stream()
                        .anyMatch(it ->
                                it.told() == History.Told.DONE && !it.agent().isEmpty());
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    List<History.Event> posts() {
        return List.copyOf(posts);
    }

    List<History.Event> stream() {
        return List.copyOf(stream);
    }

    /// The history of the run, given how it looks in the end.
    History history(Survey survey) {
        return new History(
                List.copyOf(sends),
                List.copyOf(texts),
                List.copyOf(taps),
                survey.bubbles(),
                survey.messages(),
                survey.talks(),
                survey.journal(),
                posts(),
                stream());
    }
}
