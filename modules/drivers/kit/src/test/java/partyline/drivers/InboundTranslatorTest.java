package partyline.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.Database;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.DriverState;
import partyline.transport.InboundEvent;
import partyline.transport.KnownAddresses;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;
import partyline.transport.Stranger;

/// What becomes of what a hosted service tells.
class InboundTranslatorTest {

    private static final PhoneNumber ANN = new PhoneNumber("+12025550140");

    private final List<String> happened = new ArrayList<>();

    @Test
    void who_has_no_imessage_is_known_before_the_failure_is_told(@TempDir Path folder) {
        try (Database database = Database.open(folder.resolve("test.db"))) {
            Line line = new Line("line", new PhoneNumber("+12025550101"), Set.of(), "test", Line.Fallback.SMS);
            LineSetup setup = new LineSetup(
                    line,
                    new LineSetup.Options("here", Map.of()),
                    () -> "",
                    new LineSetup.Surroundings(
                            url -> {
                                throw new IOException(url);
                            },
                            new DriverState(database),
                            Instant::now,
                            KnownAddresses.NONE));

            new InboundTranslator(setup, inbound(), (person, service) -> happened.add(person + " " + service))
                    .progress(failed("no_imessage"));

            assertThat(happened).containsExactly(ANN + " " + Service.SMS, "no_imessage");
        }
    }

    private static ServiceMessage failed(String code) {
        return new ServiceMessage(
                "id",
                true,
                new ServiceMessage.Ends(Optional.of(ANN), Optional.empty(), false, ANN.text()),
                new ServiceMessage.Content("hello", List.of(), null),
                Optional.empty(),
                new ServiceMessage.Progress(
                        Optional.of(Receipt.Kind.FAILED),
                        Optional.of(new Receipt.Failure(code, "It did not arrive.")),
                        Optional.empty()),
                Optional.empty());
    }

    private Inbound inbound() {
        return new Inbound() {
            @Override
            public News accept(InboundEvent event) {
                return News.NEW;
            }

            @Override
            public void receipt(Receipt receipt) {
                happened.add(receipt.failure().orElseThrow().code());
            }

            @Override
            public void typing(String line, PhoneNumber from, boolean typing) {}

            @Override
            public void stranger(String line, Stranger stranger) {}

            @Override
            public void dropped(String line, String reason) {}
        };
    }
}
