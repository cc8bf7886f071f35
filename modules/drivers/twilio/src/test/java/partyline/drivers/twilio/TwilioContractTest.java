package partyline.drivers.twilio;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class TwilioContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return TwilioService.quick();
    }
}
