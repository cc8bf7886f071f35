package partyline.drivers.webhook;

import java.util.Map;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.fakes.webhook.FakeProgram;
import partyline.transport.Driver;

/// The fake program together with the driver that speaks with it.
final class ProgramService extends FakeProgram implements FakeService {

    @Override
    public Driver driver(Rig.Program program) {
        runOn(program.around().clock());
        return WebhookDriver.KIND.make().apply(program.setup(Map.of("url", url(), "secret", SECRET, "greet", "20ms")));
    }
}
