package partyline.drivers.androidsms;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class AndroidSmsContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return AndroidSmsService.calling();
    }
}
