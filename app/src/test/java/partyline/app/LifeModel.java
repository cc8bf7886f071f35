package partyline.app;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import partyline.app.Life.Message;

/// The model of a few agents and people: what should come of each step, said in plain Java.
final class LifeModel {

    final Life[][] lives = new Life[Step.AGENTS][Step.PEOPLE];
    final boolean[] enabled = new boolean[Step.AGENTS];
    final boolean[] deleted = new boolean[Step.AGENTS];
    final boolean[] stopped = new boolean[Step.PEOPLE];
    final boolean[] offline = new boolean[Step.PEOPLE];

    LifeModel() {
        for (Life[] row : lives) {
            Arrays.setAll(row, _ -> new Life());
        }
        Arrays.fill(enabled, true);
    }

    Life life(Step step) {
        return lives[step.agent()][step.person()];
    }

    boolean open(int agent, int person) {
        return enabled[agent] && !deleted[agent] && !lives[agent][person].blocked;
    }

    /// The agent that a replacement brings.
    static int next(Step step) {
        return (step.agent() + 1) % Step.AGENTS;
    }

    /// The status that the API answers a send with.
    int answer(Step step) {
        Life life = life(step);
        if (!enabled[step.agent()]) {
            return 400;
        }
        if (life.blocked) {
            return 403;
        }
        if (!life.ever) {
            return 404;
        }
        return life.connected && life.wrote ? 201 : 409;
    }

    /// The status that the API answers a tapback or a mark with.
    int answerToPresence(Step step) {
        Life life = life(step);
        if (!enabled[step.agent()]) {
            return 400;
        }
        return life.blocked ? 403 : life.connected ? 200 : 409;
    }

    void connect(Step step) {
        if (!stopped[step.person()] && open(step.agent(), step.person())) {
            life(step).connect();
        }
    }

    void disconnect(Step step) {
        if (!stopped[step.person()]) {
            life(step).release();
        }
    }

    void replace(Step step) {
        Life next = lives[next(step)][step.person()];
        boolean had = next.connected || open(next(step), step.person());
        if (!stopped[step.person()] && had && life(step).connected) {
            life(step).release();
            next.connect();
        }
    }

    void stop(int person) {
        stopped[person] = true;
        IntStream.range(0, Step.AGENTS).forEach(agent -> lives[agent][person].release());
    }

    void text(Step step, String text) {
        Life life = life(step);
        if (life.connected) {
            Message message = life.add(text, false, "received");
            message.blocked = !open(step.agent(), step.person());
            life.wrote |= !message.blocked;
        }
    }

    Message send(Step step, String text) {
        return life(step).add(text, true, "queued");
    }

    void delete(int agent) {
        deleted[agent] = true;
        enabled[agent] = false;
        Arrays.stream(lives[agent]).forEach(Life::release);
    }

    /// What follows by itself at once.
    void settle() {
        each((life, open, online) -> {
            life.send(open, online);
            if (online) {
                life.arrive();
            }
        });
    }

    /// A minute passes.
    void tick() {
        each(Life::tick);
        settle();
    }

    Optional<Message> lastDelivered(Step step) {
        return last(life(step), it -> it.outbound && it.status.equals("delivered"));
    }

    Optional<Message> lastReceived(Step step) {
        return last(life(step), it -> !it.outbound && !it.blocked);
    }

    private static Optional<Message> last(Life life, Predicate<Message> wish) {
        List<Message> found = life.messages.stream().filter(wish).toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
    }

    private interface Change {
        void of(Life life, boolean open, boolean online);
    }

    private void each(Change change) {
        for (int agent = 0; agent < Step.AGENTS; agent++) {
            for (int person = 0; person < Step.PEOPLE; person++) {
                change.of(lives[agent][person], open(agent, person), !offline[person]);
            }
        }
    }
}
