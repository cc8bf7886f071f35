package partyline.drivers.androidsms;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

/// A phone behind a server.
class AndroidSmsServerContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return AndroidSmsService.behindServer();
    }
}
