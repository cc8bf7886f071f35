package partyline.drivers.linq;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class LinqContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return LinqService.quick();
    }
}
