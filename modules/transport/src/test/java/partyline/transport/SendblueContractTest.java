package partyline.transport;

class SendblueContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return SendblueService.quick();
    }
}
