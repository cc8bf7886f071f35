package partyline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RanTest {

    private static final SourceFile ROUTER = new SourceFile("modules/router", "router/Router.java");
    private static final SourceFile CLOCK = new SourceFile("modules/kernel", "kernel/Clock.java");
    private static final SourceFile SMS = new SourceFile("modules/drivers/sms", "drivers/sms/SmsDriver.java");

    @Test
    void what_did_not_run_each_time_ran_by_chance() {
        RanLines once = ran(Map.of(ROUTER, Set.of(1, 2, 3), CLOCK, Set.of(7)));
        RanLines again = ran(Map.of(ROUTER, Set.of(2, 3, 4), SMS, Set.of(1)));

        assertThat(once.and(again)).isEqualTo(ran(Map.of(ROUTER, Set.of(2, 3))));
    }

    @Test
    void a_file_counts_when_a_line_or_a_thread_comes_to_it_that_does_not_when_nothing_is_done() {
        MethodCall tick = new MethodCall(CLOCK, "Clock.tick", "timer");
        Ran idle = new Ran(ran(Map.of(ROUTER, Set.of(1), CLOCK, Set.of(7, 8), SMS, Set.of(1))), List.of(tick));
        Ran journey = new Ran(
                ran(Map.of(ROUTER, Set.of(1, 2), CLOCK, Set.of(7), SMS, Set.of(1))),
                List.of(tick, new MethodCall(SMS, "SmsDriver.send", "outbox")));

        assertThat(journey.beyond(idle).lines()).isEqualTo(ran(Map.of(ROUTER, Set.of(1, 2), SMS, Set.of(1))));
    }

    @Test
    void files_stand_in_the_order_of_their_first_call() {
        MethodCall send = new MethodCall(SMS, "SmsDriver.send", "outbox");
        MethodCall route = new MethodCall(ROUTER, "Router.route", "lane");
        Ran journey = new Ran(
                ran(Map.of(ROUTER, Set.of(1), SMS, Set.of(1))),
                List.of(send, route, new MethodCall(SMS, "SmsDriver.close", "outbox")));

        assertThat(journey.firstCalls()).containsExactly(send, route);
    }

    @ParameterizedTest
    @CsvSource({
        "modules/drivers/sms, drivers/sms/SmsDriver.java, true",
        "modules/drivers/kit, drivers/Reconciler.java, true",
        "app, app/api/SimulatorRoutes.java, true",
        "modules/transport, transport/DriverRegistry.java, false",
        "app, app/api/MessageRoutes.java, false"
    })
    void a_driver_is_known_by_its_place(String module, String path, boolean driver) {
        assertThat(new SourceFile(module, path).isDriver()).isEqualTo(driver);
    }

    private static RanLines ran(Map<SourceFile, Set<Integer>> files) {
        return new RanLines(new TreeMap<>(files));
    }
}
