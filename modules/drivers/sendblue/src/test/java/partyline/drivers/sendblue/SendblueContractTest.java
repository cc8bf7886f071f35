package partyline.drivers.sendblue;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class SendblueContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return SendblueService.quick();
    }
}
