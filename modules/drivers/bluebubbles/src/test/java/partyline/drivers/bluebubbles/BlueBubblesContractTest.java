package partyline.drivers.bluebubbles;

import java.util.Map;
import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class BlueBubblesContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new BlueBubblesService(Map.of());
    }
}
