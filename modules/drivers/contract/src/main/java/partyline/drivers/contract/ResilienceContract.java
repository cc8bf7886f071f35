package partyline.drivers.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static partyline.drivers.contract.FakeLine.Feature.REMOTE;
import static partyline.drivers.contract.FakeLine.Trouble.HANGS;
import static partyline.drivers.contract.LineServer.ANN;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.transport.Driver;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;
import partyline.transport.Transport;

/// A service that is ill, gone or silent costs nobody more than what it does.
public interface ResilienceContract {

    FakeService fake();

    @Test
    default void a_line_that_works_is_up_and_has_no_complaints(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            rig.eventually(rig::health, Driver.Health.UP);

            assertThat(rig.driver().check(rig.line())).isEmpty();
        }
    }

    @Test
    default void without_its_service_a_driver_answers_all_the_same_and_tells_no_secret(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(REMOTE), "the service is a part of the program");
            String id = rig.sent(rig.text("before"));
            rig.fake().stop();
            Outgoing message = rig.text("into the void");
            List<String> said = new ArrayList<>();

            for (SendResult result : List.of(rig.send(message), rig.reconcile(message))) {
                assertThat(result).isInstanceOfAny(SendResult.NotSent.class, SendResult.Unknown.class);
                Rig.detail(result).ifPresent(said::add);
            }
            assertThat(rig.transport().lines().tapback(rig.line().id(), ANN, id, "love", 0))
                    .isNotEqualTo(TapbackResult.TAKEN);
            rig.transport().lines().typing(rig.line().id(), ANN, true);
            rig.transport().lines().markRead(rig.line().id(), ANN, rig.clock().instant());
            assertThatThrownBy(() -> rig.transport().lines().download(rig.line().id(), "no-such-thing"))
                    .isInstanceOfSatisfying(IOException.class, e -> said.add(String.valueOf(e.getMessage())));
            said.add(rig.awaited(rig::health, it -> it.state() == Driver.Health.State.DOWN)
                    .detail());
            assertThat(rig.driver().check(rig.line())).isNotEmpty().allSatisfy(said::add);

            assertThat(said)
                    .allSatisfy(words -> assertThat(words)
                            .isNotBlank()
                            .doesNotContain(rig.fake().secrets()));
            rig.fake().start();
            rig.eventually(rig::health, Driver.Health.UP);
        }
    }

    @Test
    default void closing_takes_seconds_although_a_call_hangs(@TempDir Path folder) throws Exception {
        try (Rig rig = Rig.open(folder, fake());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assumeTrue(rig.fake().features().contains(REMOTE), "the service is a part of the program");
            rig.fake().next(HANGS);
            Transport transport = rig.transport();
            Outgoing message = rig.text("hanging");
            CompletableFuture<SendResult> hanging = CompletableFuture.supplyAsync(
                    () -> transport.lines().send(rig.line().id(), message), threads);
            assertThatThrownBy(() -> hanging.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            CompletableFuture.runAsync(rig::stop, threads).get(9, TimeUnit.SECONDS);

            assertThat(hanging.get(1, TimeUnit.SECONDS)).isInstanceOf(SendResult.Unknown.class);
            assertThat(transport.lines().send(rig.line().id(), message)).isNotInstanceOf(SendResult.Accepted.class);
        }
    }

    @Test
    default void a_driver_whose_service_was_never_there_starts_and_closes(@TempDir Path folder) {
        FakeService fake = fake();
        assumeTrue(fake.features().contains(REMOTE), "the service is a part of the program");
        fake.stop();
        try (Rig rig = Rig.open(folder, fake)) {
            assertThat(rig.send(rig.text("hello"))).isNotInstanceOf(SendResult.Accepted.class);

            rig.clock().advance(Duration.ofMinutes(2));
            rig.restart();
        }
    }
}
