package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.transport.Line;
import partyline.transport.Service;
import partyline.transport.Stranger;

class StrangersTest {

    private static final String ANN = "ann@example.com";

    @TempDir
    private Path folder;

    private RouterRun run;

    @BeforeEach
    void open() {
        run = new RouterRun(folder);
    }

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void who_texts_from_a_mail_address_is_told_once_that_a_number_is_needed() {
        assertThat(answer(RouterRun.ROUTER, ANN, "connect @echo"))
                .hasValueSatisfying(words -> assertThat(words)
                        .contains(
                                "mail address",
                                "Start New Conversations From",
                                RouterRun.ROUTER.number().text()));

        assertThat(answer(RouterRun.ROUTER, "Ann@Example.com", "hello?")).isEmpty();
        run.clock.advance(Duration.ofDays(200));
        assertThat(answer(RouterRun.ROUTER, ANN, "hello??")).isEmpty();
        assertThat(answer(RouterRun.ROUTER, "bob@example.com", "hi")).isPresent();
    }

    @Test
    void nobody_is_told_on_a_line_of_agents() {
        assertThat(answer(RouterRun.ONE, ANN, "hi")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "noreply@example.com",
                "no-reply@example.com",
                "orders.do_not_reply@example.com",
                "donotreply+7@example.com",
                "MAILER-DAEMON@example.com",
                "notifications@example.com",
                "alerts.eu@example.com",
                "bot@example.com",
                "262966",
                "AMZN",
                ""
            })
    void no_program_is_answered(String address) {
        assertThat(answer(RouterRun.ROUTER, address, "Your parcel is here")).isEmpty();
    }

    @Test
    void people_whose_names_look_like_it_are_answered() {
        assertThat(answer(RouterRun.ROUTER, "norepo@example.com", "hi")).isPresent();
        assertThat(answer(RouterRun.ROUTER, "abbott@example.com", "hi")).isPresent();
        assertThat(answer(RouterRun.ROUTER, "newsome@example.com", "hi")).isPresent();
    }

    @Test
    void who_says_stop_is_never_answered() {
        assertThat(answer(RouterRun.ROUTER, ANN, "STOP")).isEmpty();
        assertThat(answer(RouterRun.ROUTER, ANN, "hello")).isEmpty();
    }

    @Test
    void old_news_and_what_has_no_words_are_not_answered() {
        assertThat(answer(RouterRun.ROUTER, ANN, null)).isEmpty();
        assertThat(answer(RouterRun.ROUTER, ANN, " ")).isEmpty();
        assertThat(answer(RouterRun.ROUTER, ANN, "hi", run.clock.instant().minus(Duration.ofHours(2))))
                .isEmpty();

        assertThat(answer(RouterRun.ROUTER, ANN, "hi")).isPresent();
    }

    @Test
    void a_flood_of_addresses_gets_few_answers_in_a_day() {
        long answers = IntStream.range(0, 100)
                .filter(at -> answer(RouterRun.ROUTER, "p" + at + "@example.com", "hi")
                        .isPresent())
                .count();
        assertThat(answers).isEqualTo(20);
        assertThat(answer(RouterRun.ROUTER, "p98@example.com", "STOP")).isEmpty();

        run.clock.advance(Duration.ofHours(25));
        assertThat(answer(RouterRun.ROUTER, "p99@example.com", "hi"))
                .as("unheard till now")
                .isPresent();
        assertThat(answer(RouterRun.ROUTER, "p0@example.com", "hi")).isEmpty();
        assertThat(answer(RouterRun.ROUTER, "p98@example.com", "hi"))
                .as("said stop")
                .isEmpty();
    }

    private Optional<String> answer(Line line, String address, @Nullable String text) {
        return answer(line, address, text, run.clock.instant());
    }

    private Optional<String> answer(Line line, String address, @Nullable String text, Instant at) {
        Stranger stranger = new Stranger(address, at, text, Service.IMESSAGE);
        return run.database.write(tx -> run.router.stranger(tx, line.id(), stranger));
    }
}
