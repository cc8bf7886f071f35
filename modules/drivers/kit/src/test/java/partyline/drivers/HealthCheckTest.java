package partyline.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import partyline.transport.Driver.Health;

class HealthCheckTest {

    @Test
    void a_remote_line_begins_as_not_asked() {
        assertThat(new HealthCheck("line").health().state()).isEqualTo(Health.State.UNKNOWN);
    }
}
