package partyline.drivers.androidsms;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

/// A phone that cannot call us, which is so wherever there is no https.
class AndroidSmsPolledContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return AndroidSmsService.polled();
    }
}
