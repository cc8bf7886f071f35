package partyline.drivers.imsg;

import java.util.HashMap;
import java.util.Map;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.fakes.imsg.FakeImsg;
import partyline.transport.Driver;

/// The fake Mac together with the driver that speaks with its imsg.
final class ImsgService extends FakeImsg implements FakeService {

    private final Map<String, String> options;

    ImsgService(boolean bridge, Map<String, String> options) {
        super("+12025550101", bridge);
        this.options = options;
    }

    @Override
    public Driver driver(Rig.Program program) {
        use(program.around().clock());
        Map<String, String> all = new HashMap<>(Map.of("command", command()));
        all.putAll(options);
        return ImsgDriver.KIND.make().apply(program.setup(all));
    }
}
