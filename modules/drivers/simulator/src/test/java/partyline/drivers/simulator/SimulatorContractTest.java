package partyline.drivers.simulator;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class SimulatorContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new SimulatedService();
    }
}
