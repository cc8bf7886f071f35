package partyline.transport;

import java.util.Map;

class BlueBubblesContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new BlueBubblesService(Map.of());
    }
}
