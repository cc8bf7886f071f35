package partyline.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import partyline.torture.History.Bubble;
import partyline.torture.History.Event;
import partyline.torture.History.Listed;
import partyline.torture.History.Marks;
import partyline.torture.History.Send;
import partyline.torture.History.Talk;
import partyline.torture.History.Tap;
import partyline.torture.History.Text;
import partyline.torture.History.Told;

/// The judge before a small history in which all is well, and before the same with one thing changed by hand.
class JudgeTest {

    private static final String ANN = "+12025550140";
    private static final String LINE = "+12025550101";

    private final List<Send> sends = new ArrayList<>();
    private final List<Text> texts = new ArrayList<>();
    private final List<Tap> taps = new ArrayList<>();
    private final List<Bubble> bubbles = new ArrayList<>();
    private final List<Listed> messages = new ArrayList<>();
    private final List<Talk> talks = new ArrayList<>();
    private final List<Event> journal = new ArrayList<>();
    private final List<Event> posts = new ArrayList<>();
    private final List<Event> stream = new ArrayList<>();

    JudgeTest() {
        texts.add(new Text(ANN, "bot", "p:1", Told.DONE));
        texts.add(new Text(ANN, "", "p:2", Told.DONE));
        sends.add(new Send("bot", ANN, "a:1", true, Told.DONE));
        sends.add(new Send("bot", ANN, "a:2", false, Told.CUT));
        sends.add(new Send("bot", ANN, "a:3", false, Told.REFUSED));
        sends.add(new Send("bot", ANN, "a:4", false, Told.DONE));
        taps.add(new Tap("p:1", true, "love", Told.DONE));
        bubbles.add(new Bubble(ANN, LINE, "p:1", true, "love", ""));
        bubbles.add(new Bubble(ANN, LINE, "p:2", true, "", ""));
        bubbles.add(new Bubble(ANN, LINE, "a:1", false, "", ""));
        messages.add(new Listed("bot", "m1", ANN, "p:1", false, "received", new Marks(true, "", "love", "")));
        messages.add(new Listed("bot", "m2", ANN, "a:1", true, "delivered", new Marks(false, "", "", "")));
        messages.add(new Listed("bot", "m3", ANN, "a:4", true, "declined", new Marks(false, "gone", "", "")));
        talks.add(new Talk("bot", ANN, 0, 3));
        tell("received", "m1");
        tell("sent", "m2");
        tell("delivered", "m2");
        tell("delivery_failed", "m3");
    }

    @Test
    void a_history_in_which_all_is_well_is_clean_and_counted() {
        Judgement verdict = judged();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.figures().accepted()).isEqualTo(4);
        assertThat(verdict.figures().delivered()).isEqualTo(2);
        assertThat(verdict.figures().declined()).isEqualTo(1);
        assertThat(verdict.figures().owed()).isEqualTo(4);
        assertThat(verdict.figures().received()).isEqualTo(4);
    }

    @Test
    void what_is_gone_is_lost() {
        assertLost(it -> it.bubbles.removeIf(bubble -> bubble.text().equals("a:1")));
        assertLost(it -> it.bubbles.removeIf(bubble -> bubble.text().equals("p:2")));
        assertLost(it -> it.messages.removeIf(message -> message.text().equals("p:1")));
        assertLost(it -> it.messages.removeIf(message -> message.text().equals("a:1")));
        assertLost(it -> it.messages.set(1, state(it.messages.get(1), "sent")));
    }

    @Test
    void what_is_there_twice_is_doubled() {
        assertDoubled(it -> it.bubbles.add(it.bubbles.getFirst()));
        assertDoubled(it -> it.bubbles.add(it.bubbles.getLast()));
        assertDoubled(it -> it.messages.add(it.messages.getFirst()));
        assertDoubled(it -> it.messages.add(it.messages.get(1)));
    }

    @Test
    void an_event_that_nobody_got_is_missing_and_one_that_the_stream_left_out_is_a_gap() {
        JudgeTest unposted = new JudgeTest();
        unposted.posts.removeFirst();
        JudgeTest unread = new JudgeTest();
        unread.stream.remove(2);
        JudgeTest unwritten = new JudgeTest();
        unwritten.journal.removeLast();

        assertThat(unposted.judged().figures().missing()).isEqualTo(1);
        assertThat(unread.judged().figures().gaps()).isEqualTo(1);
        assertThat(unwritten.judged().figures().missing()).isEqualTo(1);
    }

    @Test
    void what_else_is_not_as_it_was_promised_is_wrong() {
        assertWrong(it -> it.bubbles.add(new Bubble(ANN, LINE, "a:4", false, "", "")));
        assertWrong(it -> it.messages.add(
                new Listed("bot", "m4", ANN, "a:3", true, "declined", new Marks(false, "gone", "", ""))));
        assertWrong(it -> it.messages.set(0, state(it.messages.getFirst(), "delivered")));
        assertWrong(it -> it.talks.set(0, new Talk("bot", ANN, 1, 3)));
        assertWrong(it -> it.stream.add(it.stream.getLast()));
        assertWrong(it -> it.taps.add(new Tap("p:1", true, "like", Told.DONE)));
    }

    @Test
    void the_order_of_a_conversation_counts_in_each_thread_of_the_phone_by_itself() {
        JudgeTest elsewhere = new JudgeTest();
        elsewhere.sayAgain("+12025550102");
        JudgeTest swapped = new JudgeTest();
        swapped.sayAgain(LINE);

        assertThat(elsewhere.judged().findings()).isEmpty();
        assertThat(swapped.judged().clean()).isFalse();
    }

    /// One more text of the person to the agent, which the phone shows first.
    private void sayAgain(String line) {
        texts.add(new Text(ANN, "bot", "p:3", Told.DONE));
        bubbles.addFirst(new Bubble(ANN, line, "p:3", true, "", ""));
        messages.add(new Listed("bot", "m4", ANN, "p:3", false, "received", new Marks(true, "", "", "")));
        talks.set(0, new Talk("bot", ANN, 0, 4));
        tell("received", "m4");
    }

    @Test
    void every_forgery_of_a_clean_history_is_noticed() {
        assertThat(Forger.unnoticed(history())).isEmpty();
    }

    private static void assertLost(Consumer<JudgeTest> change) {
        assertThat(changed(change).figures().lost()).isPositive();
    }

    private static void assertDoubled(Consumer<JudgeTest> change) {
        assertThat(changed(change).figures().doubled()).isPositive();
    }

    private static void assertWrong(Consumer<JudgeTest> change) {
        assertThat(changed(change).clean()).isFalse();
    }

    private static Judgement changed(Consumer<JudgeTest> change) {
        JudgeTest world = new JudgeTest();
        change.accept(world);
        return world.judged();
    }

    private static Listed state(Listed message, String state) {
        return new Listed(
                message.agent(),
                message.id(),
                message.person(),
                message.text(),
                message.outbound(),
                state,
                message.marks());
    }

    private void tell(String type, String message) {
        long seq = journal.size() + 1;
        Event event = new Event("bot", seq, "evt_" + seq, "imessage." + type, message);
        journal.add(event);
        posts.add(new Event("bot", 0, event.id(), event.type(), message));
        stream.add(event);
    }

    private Judgement judged() {
        return Judge.of(history());
    }

    private History history() {
        return new History(sends, texts, taps, bubbles, messages, talks, journal, posts, stream);
    }
}
