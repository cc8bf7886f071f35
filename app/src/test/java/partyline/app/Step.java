package partyline.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One thing that happens in a run of the model test. Agents and people are numbered; what makes no sense at its moment
/// is left out by the model and the world alike.
record Step(Kind kind, int agent, int person) {

    static final int AGENTS = 3;
    static final int PEOPLE = 2;

    /// What happens, and how often among a hundred and some steps.
    enum Kind {
        CONNECT(10),
        DISCONNECT(4),
        /// The person swaps the agent for the next one.
        REPLACE(3),
        TEXT(16),
        STOP(1),
        START(3),
        /// The person says STOP in the agent's thread.
        STOP_THERE(2),
        SEND(16),
        /// The agent sends under a key, again if it did before.
        SEND_ONCE(5),
        SEND_REFUSED(2),
        SEND_FAILED(2),
        SEND_NOT_SENT(3),
        SEND_UNKNOWN_SENT(3),
        SEND_UNKNOWN_LOST(3),
        TAP_BY_PERSON(4),
        TAP_BY_AGENT(4),
        MARK_READ(5),
        BLOCK(2),
        UNBLOCK(4),
        DISABLE(2),
        ENABLE(4),
        DELETE(1),
        OFFLINE(2),
        ONLINE(4),
        RESTART(1),
        /// Three minutes pass.
        WAIT(5),
        /// The clock is put back by a day.
        CLOCK_BACK(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    static List<Step> random(Random random, int count) {
        List<Kind> urn = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int times = 0; times < kind.weight; times++) {
                urn.add(kind);
            }
        }
        return random.ints(count, 0, urn.size())
                .mapToObj(at -> new Step(urn.get(at), random.nextInt(AGENTS), random.nextInt(PEOPLE)))
                .toList();
    }
}
