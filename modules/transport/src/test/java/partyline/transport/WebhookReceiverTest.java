package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookReceiverTest {

    @Test
    void what_the_query_of_a_call_says_is_decoded_or_nothing() {
        assertThat(called("name=cat%201.png&from=%2B12025550140").parameter("from"))
                .contains("+12025550140");
        assertThat(called("from=%zz&name=cat").parameter("from")).isEmpty();
        assertThat(called("").parameter("from")).isEmpty();
    }

    private static WebhookReceiver.Request called(String query) {
        return new WebhookReceiver.Request("media", query, Map.of(), new byte[0]);
    }
}
