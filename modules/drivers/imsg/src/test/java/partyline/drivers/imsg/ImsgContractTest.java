package partyline.drivers.imsg;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class ImsgContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new ImsgService(true, Map.of());
    }

    /// As most Macs are: AppleScript alone.
    @Nested
    class WithoutTheBridge implements DriverContract {

        @Override
        public FakeService fake() {
            return new ImsgService(false, Map.of());
        }
    }
}
