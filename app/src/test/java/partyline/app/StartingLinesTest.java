package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.transport.Driver;
import partyline.transport.Driver.Health;
import partyline.transport.Line;
import tools.jackson.databind.JsonNode;

/// What people and the operator meet in the first seconds after a start, and while the pool is out of order.
class StartingLinesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Health NOT_ASKED = new Health(Health.State.UNKNOWN, "It has not been tried yet.");
    private static final Health BROKEN = new Health(Health.State.DOWN, "The cable is out.");
    private static final AtomicReference<Health> POOL = new AtomicReference<>(NOT_ASKED);
    private static final AtomicReference<Health> FRONT = new AtomicReference<>(Health.UP);

    @RegisterExtension
    static final TestServer server = new TestServer("", new ShiftedClock(), StartingLinesTest::withHealth);

    private final Api admin = server.admin();
    private final String person = server.person();
    private final String handle = "early-" + UUID.randomUUID();

    @AfterEach
    void asAtAStart() {
        FRONT.set(Health.UP);
        found(NOT_ASKED);
    }

    @Test
    void who_connects_before_the_pool_was_asked_is_connected() {
        admin.identity(handle);

        assertThat(answer("connect @" + handle)).contains("You are connected with");
    }

    @Test
    void who_connects_while_the_pool_is_down_is_told_that_it_is_out_of_order() {
        admin.identity(handle);
        found(BROKEN);

        assertThat(answer("connect @" + handle))
                .contains("out of order", "@" + handle)
                .doesNotContain("in an hour", "cable");
    }

    @Test
    void who_replaces_an_agent_while_the_pool_is_down_keeps_the_one_they_have() {
        admin.identity(handle);
        admin.identity(handle + "-b");
        answer("connect @" + handle);
        found(BROKEN);

        admin.text(person, ROUTER, "replace @" + handle + " @" + handle + "-b");

        waitFor(
                () -> admin.bubbles(person, ROUTER).getLast().path("text").asString(""),
                it -> it.contains("out of order"));
        admin.text(person, ROUTER, "list");
        waitFor(
                () -> admin.bubbles(person, ROUTER).getLast().path("text").asString(""),
                it -> it.endsWith("connected with: @" + handle + "."));
    }

    @Test
    void a_server_whose_router_was_not_asked_yet_is_not_ready_and_calls_no_line_down() {
        FRONT.set(NOT_ASKED);
        found(NOT_ASKED);

        JsonNode ready = admin.get("/readyz").expect(503).json();

        assertThat(ready.path("router").asString()).isEqualTo("unknown");
        assertThat(ready.path("lines").path("unknown").asInt()).isEqualTo(6);
        assertThat(ready.path("lines").path("down").asInt()).isZero();
    }

    @Test
    void the_operator_hears_that_a_line_went_down_and_came_back() {
        try (EventReader reader = new EventReader(admin, "?after=0&types=line.down,line.up")) {
            found(BROKEN);
            waitFor(reader::types, it -> !it.isEmpty() && it.getLast().equals("line.down"));
            assertThat(reader.events()
                            .getLast()
                            .envelope()
                            .at("/data/line/detail")
                            .asString())
                    .isEqualTo("The cable is out.");

            found(Health.UP);
            waitFor(reader::types, it -> it.getLast().equals("line.up"));
        }
    }

    /// The pool is so from now on, and the server has seen it.
    private void found(Health health) {
        POOL.set(health);
        admin.get("/api/v1/lines").expect(200);
    }

    private String answer(String command) {
        admin.text(person, ROUTER, command);
        return waitFor(PATIENCE, () -> admin.bubbles(person, ROUTER), it -> it.size() > 1)
                .get(1)
                .path("text")
                .asString();
    }

    /// The driver, but with the health that the test says.
    private static Driver withHealth(Driver driver) {
        return (Driver) Proxy.newProxyInstance(
                Driver.class.getClassLoader(), new Class<?>[] {Driver.class}, (_, method, arguments) -> {
                    if (method.getName().equals("health")) {
                        boolean front = ((Line) List.of(arguments).getFirst()).is(Line.Role.ROUTER);
                        return (front ? FRONT : POOL).get();
                    }
                    try {
                        return method.invoke(driver, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
