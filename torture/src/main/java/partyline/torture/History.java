package partyline.torture;

import java.util.List;

/// All that a run left behind: what was tried and what was answered, what receivers and readers were told
/// meanwhile, and how phones and the API look in the end. Texts name messages: each says something that no
/// other does.
///
/// `posts` are in the order in which receivers got them, `stream` in that of the reader; `messages` and `journal` are
/// oldest first, `bubbles` in the order of each phone.
record History(
        List<Send> sends,
        List<Text> texts,
        List<Tap> taps,
        List<Bubble> bubbles,
        List<Listed> messages,
        List<Talk> talks,
        List<Event> journal,
        List<Event> posts,
        List<Event> stream) {

    History {
        sends = List.copyOf(sends);
        texts = List.copyOf(texts);
        taps = List.copyOf(taps);
        bubbles = List.copyOf(bubbles);
        messages = List.copyOf(messages);
        talks = List.copyOf(talks);
        journal = List.copyOf(journal);
        posts = List.copyOf(posts);
        stream = List.copyOf(stream);
    }

    /// What the one who asked knows: it was done, it was refused, or the answer was cut off and either may be true.
    enum Told {
        DONE,
        REFUSED,
        CUT
    }

    /// An agent's message to a person; `keyed` ones were repeated under one key until they were answered.
    record Send(String agent, String person, String text, boolean keyed, Told told) {}

    /// A person's text. `agent` is whom they were connected with in that thread, empty for nobody.
    record Text(String person, String agent, String text, Told told) {}

    /// A tapback on the message that says `text`, set by the agent or by the person.
    record Tap(String text, boolean byAgent, String reaction, Told told) {}

    /// What a phone shows; reactions are empty without a tapback.
    record Bubble(String person, String line, String text, boolean mine, String agentReaction, String personReaction) {}

    /// What the API lists for an agent.
    record Listed(String agent, String id, String person, String text, boolean outbound, String state, Marks marks) {}

    /// What a listed message carries beside its text; reactions are empty without a tapback, `code` without an error.
    record Marks(boolean read, String code, String agentReaction, String personReaction) {}

    /// The API's counts for a conversation.
    record Talk(String agent, String person, int unread, int total) {}

    /// An event of an agent; `seq` is 0 where the way it came tells none. `message` is the message's id, or that of
    /// a tapback's target.
    record Event(String agent, long seq, String id, String type, String message) {}
}
