package partyline.transport;

class TwilioContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return TwilioService.quick();
    }
}
