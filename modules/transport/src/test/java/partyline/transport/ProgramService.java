package partyline.transport;

import java.util.Map;
import partyline.fakes.FakeProgram;

/// The fake program together with the driver that speaks with it.
final class ProgramService extends FakeProgram implements FakeService {

    @Override
    public Driver driver(Rig.Program program) {
        runOn(program.around().clock());
        return Drivers.named("webhook")
                .orElseThrow()
                .make()
                .apply(program.setup(Map.of("url", url(), "secret", SECRET, "greet", "20ms")));
    }
}
