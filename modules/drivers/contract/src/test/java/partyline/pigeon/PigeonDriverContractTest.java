package partyline.pigeon;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;
import partyline.fakes.pigeon.FakePigeon;

class PigeonDriverContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new FakePigeon();
    }
}
