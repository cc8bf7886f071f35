package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import partyline.app.Life.Message;
import partyline.app.Life.Waiting;
import tools.jackson.databind.JsonNode;

/// One run: the same steps for the model and for the world, and after each a comparison of those whom it is
/// about, of all at the end.
final class LifeRun {

    private final TestServer server;
    private final VirtualClock clock;
    private final LifeModel model = new LifeModel();
    private final LifeWorld world;
    private final List<List<String>> written = new ArrayList<>();
    private int texts;

    LifeRun(TestServer server, VirtualClock clock) {
        this.server = server;
        this.clock = clock;
        this.world = new LifeWorld(server, clock);
        for (int person = 0; person < Step.PEOPLE; person++) {
            written.add(new ArrayList<>());
        }
    }

    void go(List<Step> steps) {
        for (Step step : steps) {
            if (makesSense(step)) {
                act(step);
                world.settle();
                model.settle();
                learn(step);
                comparePhone(step.person());
                compareLists(step.agent());
            }
        }
        compareAll();
    }

    private boolean makesSense(Step step) {
        boolean reachable = !model.offline[step.person()];
        Life life = model.life(step);
        return switch (step.kind()) {
            case WAIT, CLOCK_BACK, RESTART, OFFLINE, ONLINE -> true;
            case CONNECT, DISCONNECT, REPLACE -> reachable && !model.deleted[step.agent()];
            case STOP, START -> reachable;
            case TEXT, STOP_THERE -> reachable && ownsLine(step);
            case TAP_BY_PERSON -> reachable && model.lastDelivered(step).isPresent();
            case BLOCK, UNBLOCK -> !model.deleted[step.agent()] && life.blocked == (step.kind() == Step.Kind.UNBLOCK);
            case TAP_BY_AGENT, MARK_READ ->
                !model.deleted[step.agent()] && model.lastReceived(step).isPresent();
            case SEND_REFUSED, SEND_FAILED, SEND_NOT_SENT, SEND_UNKNOWN_SENT, SEND_UNKNOWN_LOST ->
                !model.deleted[step.agent()]
                        && model.answer(step) == 201
                        && life.queue().isEmpty();
            case SEND, SEND_ONCE, ENABLE, DISABLE, DELETE -> !model.deleted[step.agent()];
        };
    }

    /// Whether the person's thread with this agent is nobody else's by now.
    private boolean ownsLine(Step step) {
        String line = world.line(step.agent(), step.person());
        for (int agent = 0; agent < Step.AGENTS; agent++) {
            boolean other = agent != step.agent() && model.lives[agent][step.person()].connected;
            if (other && world.line(agent, step.person()).equals(line)) {
                return false;
            }
        }
        return !line.isEmpty();
    }

    private void act(Step step) {
        switch (step.kind()) {
            case CONNECT, DISCONNECT, REPLACE, STOP, START -> command(step);
            case STOP_THERE, TEXT, TAP_BY_PERSON, OFFLINE, ONLINE -> usePhone(step);
            case TAP_BY_AGENT, MARK_READ, BLOCK, UNBLOCK, ENABLE, DISABLE, DELETE -> actAsAgent(step);
            case WAIT -> {
                for (int minute = 0; minute < 3; minute++) {
                    pass(Duration.ofMinutes(1));
                }
            }
            case CLOCK_BACK -> pass(Duration.ofDays(-1));
            case RESTART -> server.restart();
            default -> sendAs(step);
        }
    }

    private void command(Step step) {
        String handle = world.handle(step.agent());
        switch (step.kind()) {
            case CONNECT -> {
                world.command(step.person(), "connect @" + handle);
                model.connect(step);
            }
            case DISCONNECT -> {
                world.command(step.person(), "disconnect @" + handle);
                model.disconnect(step);
            }
            case REPLACE -> {
                world.command(step.person(), "replace @%s @%s".formatted(handle, world.handle(LifeModel.next(step))));
                model.replace(step);
            }
            case STOP -> {
                world.command(step.person(), "STOP");
                model.stop(step.person());
            }
            default -> {
                world.command(step.person(), "START");
                model.stopped[step.person()] = false;
            }
        }
    }

    private void usePhone(Step step) {
        int person = step.person();
        switch (step.kind()) {
            case STOP_THERE -> {
                world.text(step.agent(), person, "STOP");
                model.life(step).release();
            }
            case TEXT -> {
                String text = fresh(person);
                world.text(step.agent(), person, text);
                model.text(step, text);
            }
            case TAP_BY_PERSON -> {
                Message message = model.lastDelivered(step).orElseThrow();
                world.tap(person, message.text);
                if (model.life(step).connected && model.open(step.agent(), person)) {
                    message.tapOfPerson = "like";
                }
            }
            default -> {
                model.offline[person] = step.kind() == Step.Kind.OFFLINE;
                world.online(person, !model.offline[person]);
            }
        }
    }

    private void actAsAgent(Step step) {
        int agent = step.agent();
        switch (step.kind()) {
            case TAP_BY_AGENT -> react(step);
            case MARK_READ -> markRead(step, model.life(step));
            case BLOCK -> {
                model.life(step).blocked = true;
                world.block(agent, step.person());
            }
            case UNBLOCK -> {
                model.life(step).blocked = false;
                world.unblock(agent, step.person());
            }
            case ENABLE, DISABLE -> {
                model.enabled[agent] = step.kind() == Step.Kind.ENABLE;
                world.enable(agent, model.enabled[agent]);
            }
            default -> {
                world.delete(agent);
                model.delete(agent);
            }
        }
    }

    private void react(Step step) {
        Message message = model.lastReceived(step).orElseThrow();
        int status = world.react(step.agent(), step.person(), message.text).status();
        assertThat(status == 201 ? 200 : status).isEqualTo(model.answerToPresence(step));
        message.tapOfAgent = status == 201 ? "love" : message.tapOfAgent;
    }

    private void markRead(Step step, Life life) {
        String any = model.lastReceived(step).orElseThrow().text;
        Api.Answer answer = world.markRead(step.agent(), step.person(), any).expect(model.answerToPresence(step));
        if (answer.status() == 200) {
            assertThat(answer.json().path("updated_count").asLong()).isEqualTo(life.unread());
            life.visible().forEach(it -> it.read = !it.outbound);
        }
    }

    private void sendAs(Step step) {
        switch (step.kind()) {
            case SEND -> send(step, "");
            case SEND_ONCE -> sendOnce(step, model.life(step));
            case SEND_REFUSED -> sendBadly(step, "refuse").status = "declined";
            case SEND_FAILED -> sendBadly(step, "fail").status = "error";
            case SEND_NOT_SENT -> sendBadly(step, "not_sent").waiting = Waiting.RETRY;
            case SEND_UNKNOWN_LOST -> sendBadly(step, "unknown_lost").waiting = Waiting.ASK_LOST;
            case SEND_UNKNOWN_SENT -> {
                Message message = sendBadly(step, "unknown_sent");
                message.waiting = Waiting.ASK;
                message.sent = true;
            }
            default -> throw new IllegalStateException("nobody does " + step);
        }
    }

    private void send(Step step, String key) {
        String text = "#" + ++texts;
        int answer = model.answer(step);
        world.send(step.agent(), step.person(), text, key).expect(answer);
        if (answer == 201) {
            model.send(step, text);
        }
    }

    private void sendOnce(Step step, Life life) {
        String key = "key-" + step.person();
        if (!life.keyed.isEmpty()) {
            world.send(step.agent(), step.person(), life.keyed, key).expect(201);
            return;
        }
        boolean accepted = model.answer(step) == 201;
        send(step, key);
        life.keyed = accepted ? "#" + texts : "";
    }

    private Message sendBadly(Step step, String kind) {
        world.fault(step.agent(), step.person(), kind);
        String text = "#" + ++texts;
        world.send(step.agent(), step.person(), text, "").expect(201);
        return model.send(step, text);
    }

    private void pass(Duration time) {
        clock.move(time);
        server.wiring().look();
        world.settle();
        model.tick();
    }

    private String fresh(int person) {
        String text = "#" + ++texts;
        written.get(person).add(text);
        return text;
    }

    private void learn(Step step) {
        switch (step.kind()) {
            case CONNECT -> world.learnLine(step.agent(), step.person());
            case REPLACE -> world.learnLine(LifeModel.next(step), step.person());
            default -> {}
        }
    }

    private void compareAll() {
        for (int person = 0; person < Step.PEOPLE; person++) {
            comparePhone(person);
        }
        for (int agent = 0; agent < Step.AGENTS; agent++) {
            compareLists(agent);
        }
    }

    /// The phone shows what its owner wrote and what was sent, once each; no line serves two agents of one person.
    private void comparePhone(int person) {
        Set<String> lines = new HashSet<>();
        List<String> shown = new ArrayList<>(written.get(person));
        for (int agent = 0; agent < Step.AGENTS; agent++) {
            Life life = model.lives[agent][person];
            life.messages.stream().filter(it -> it.outbound && it.shown).forEach(it -> shown.add(it.text));
            assertThat(!life.connected || lines.add(world.line(agent, person)))
                    .as("a line for one")
                    .isTrue();
        }
        assertThat(world.shown(person))
                .as("phone of person %d", person)
                .isEqualTo(shown.stream().sorted().toList());
    }

    private void compareLists(int agent) {
        if (model.deleted[agent]) {
            return;
        }
        JsonNode messages = world.list(agent, "messages?limit=200");
        JsonNode assignments = world.list(agent, "assignments");
        Optional<JsonNode> talks =
                model.enabled[agent] ? Optional.of(world.list(agent, "conversations")) : Optional.empty();
        for (int person = 0; person < Step.PEOPLE; person++) {
            int number = person;
            Life life = model.lives[agent][person];
            String pair = "agent %d with person %d".formatted(agent, person);
            assertThat(world.of(person, messages).reversed().stream()
                            .map(LifeRun::told)
                            .toList())
                    .as("list of " + pair)
                    .isEqualTo(life.visible().stream().map(Message::toString).toList());
            assertThat(world.of(person, assignments))
                    .as("assignments of " + pair)
                    .hasSize(life.connected ? 1 : 0);
            talks.ifPresent(all -> assertThat(world.of(number, all).stream()
                            .map(it -> it.path("unread_count").asLong())
                            .toList())
                    .as("unread of " + pair)
                    .isEqualTo(life.visible().isEmpty() ? List.of() : List.of(life.unread())));
        }
    }

    /// A listed message in the words of the model.
    private static String told(JsonNode message) {
        boolean outbound = message.path("direction").asString().equals("outbound");
        String state = outbound
                ? message.path("status").asString()
                : message.path("is_read").asBoolean() ? "read" : "unread";
        return message.path("content").asString() + " " + state + " " + tap(message, "inbound") + "/"
                + tap(message, "outbound");
    }

    private static String tap(JsonNode message, String direction) {
        Stream<JsonNode> taps = message.path("reactions").valueStream();
        return taps.filter(it -> it.path("direction").asString().equals(direction))
                .map(it -> it.path("reaction").asString())
                .findFirst()
                .orElse("");
    }
}
