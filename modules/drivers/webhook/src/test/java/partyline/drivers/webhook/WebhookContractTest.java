package partyline.drivers.webhook;

import partyline.drivers.contract.DriverContract;
import partyline.drivers.contract.FakeService;

class WebhookContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new ProgramService();
    }
}
