package partyline.app.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import partyline.app.log.LogSettings.Threshold;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;

/// How lines look, and who is heard.
class LogTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    @Test
    void a_line_for_people_names_the_class_and_shows_what_was_thrown_below() {
        String line =
                line("event=send_failed id=1", new IllegalStateException("no")).text();

        assertThat(line.lines().findFirst()).hasValue("2026-06-01T12:00:00Z WARN Outbox - event=send_failed id=1");
        assertThat(line).contains("IllegalStateException: no");
    }

    @Test
    void what_a_service_calls_its_news_makes_no_line_of_its_own() {
        String id = "1\r\n2026-06-01T12:00:00Z ERROR Outbox - event=\u001b[2K\u202E\u2028";

        assertThat(line("event=event_misnamed provider_id=" + id, null).text())
                .endsWith("provider_id=1\\u000d\\u000a2026-06-01T12:00:00Z ERROR Outbox"
                        + " - event=\\u001b[2K\\u202e\\u2028");
    }

    @Test
    void a_line_for_programs_has_what_it_says_as_members_and_stays_one_line() {
        String line = line("event=line_down line=mac detail=\"It \\ is gone\" retry_in=", new RuntimeException("a\nb"))
                .json();

        assertThat(line).doesNotContain("\n");
        JsonNode json = Json.read(line);
        assertThat(json.path("event").asString()).isEqualTo("line_down");
        assertThat(json.path("line").asString()).isEqualTo("mac");
        assertThat(json.path("detail").asString()).isEqualTo("It \\ is gone");
        assertThat(json.path("level").asString()).isEqualTo("warn");
        assertThat(json.path("logger").asString()).isEqualTo("partyline.transport.Outbox");
        assertThat(json.path("stack").asString()).contains("a\nb");
    }

    @Test
    void what_reads_like_a_member_in_the_words_of_a_service_changes_none_of_ours() {
        JsonNode json = Json.read(line("event=a line=mac provider_id=x event=b line=c level=info logger=d at=e", null)
                .json());

        assertThat(json.path("event").asString()).isEqualTo("a");
        assertThat(json.path("line").asString()).isEqualTo("mac");
        assertThat(json.path("level").asString()).isEqualTo("warn");
        assertThat(json.path("logger").asString()).isEqualTo("partyline.transport.Outbox");
        assertThat(json.path("at").asString()).isEqualTo("2026-06-01T12:00:00Z");
    }

    @Test
    void what_a_library_says_in_words_is_the_message() {
        assertThat(Json.read(line("Started in 5=five ms", null).json())
                        .path("message")
                        .asString())
                .isEqualTo("Started in 5=five ms");
    }

    @Test
    void a_level_holds_for_a_module_and_for_loggers_that_are_there_already() {
        LogProvider.Loggers loggers = new LogProvider().getLoggerFactory();
        Logger webhooks = loggers.getLogger("partyline.webhooks.Deliveries");
        Logger transport = loggers.getLogger("partyline.transport.Outbox");
        Logger jetty = loggers.getLogger("org.eclipse.jetty.server.Server");
        assertThat(webhooks.isDebugEnabled()).isFalse();
        assertThat(jetty.isInfoEnabled()).isFalse();

        loggers.use(LogSettings.of(false, List.of("webhooks=debug", "transport=error", "org.eclipse.jetty=off")));

        assertThat(webhooks.isDebugEnabled()).isTrue();
        assertThat(webhooks.isTraceEnabled()).isFalse();
        assertThat(transport.isWarnEnabled()).isFalse();
        assertThat(transport.isErrorEnabled()).isTrue();
        assertThat(jetty.isErrorEnabled()).isFalse();
        assertThat(loggers.getLogger("partyline.kernel.Writer").isInfoEnabled()).isTrue();
    }

    @Test
    void all_is_everybody_who_has_no_level_of_their_own() {
        LogSettings settings = LogSettings.of(false, List.of("all=warn", "kernel=debug"));

        assertThat(settings.threshold("partyline.webhooks.Deliveries")).isEqualTo(Threshold.WARN);
        assertThat(settings.threshold("partyline.kernel.Writer")).isEqualTo(Threshold.DEBUG);
        assertThat(settings.threshold("io.javalin.Javalin")).isEqualTo(Threshold.OFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhooks", "=debug", "webhooks=loud", "a=b=c"})
    void what_is_no_level_is_named(String change) {
        assertThatThrownBy(() -> LogSettings.of(false, List.of(change))).hasMessageContaining('"' + change + '"');
    }

    private static LogLine line(String message, Throwable cause) {
        return new LogLine(NOON, Level.WARN, "partyline.transport.Outbox", message, cause);
    }
}
