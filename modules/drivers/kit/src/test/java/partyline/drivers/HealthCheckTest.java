package partyline.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import partyline.transport.Driver.Health;

class HealthCheckTest {

    @Test
    void a_remote_line_begins_as_not_asked() {
        HealthCheck.Profile service = new HealthCheck.Profile("It", "", "", "", "", Duration.ZERO);

        assertThat(new HealthCheck("line", service).health().state()).isEqualTo(Health.State.UNKNOWN);
    }
}
