package partyline.transport;

class SimulatorContractTest implements DriverContract {

    @Override
    public FakeService fake() {
        return new SimulatedService();
    }
}
