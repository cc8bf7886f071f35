package partyline.transport;

class WebhookContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new ProgramService();
    }
}
