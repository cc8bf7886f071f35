package partyline.drivers.sendblue;

import java.util.HashMap;
import java.util.Map;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.fakes.sendblue.FakeSendblue;
import partyline.transport.Driver;

/// The fake Sendblue together with its driver.
class SendblueService extends FakeSendblue implements FakeService {

    private final Map<String, String> more;

    SendblueService(Map<String, String> more) {
        super("+12025550101");
        this.more = more;
    }

    /// Polls often, and sends as fast as it can.
    static SendblueService quick() {
        return new SendblueService(Map.of("poll", "20ms", "per_second", "0"));
    }

    /// Polls once alone, at the start: what comes came over the hooks.
    static SendblueService hooked() {
        return new SendblueService(Map.of("poll", "60m", "per_second", "0"));
    }

    @Override
    public Driver driver(Rig.Program program) {
        runOn(program.around().clock());
        Map<String, String> options = new HashMap<>(more);
        options.put("url", url());
        options.put("key_id", KEY_ID);
        options.put("secret_key", SECRET_KEY);
        return SendblueDriver.KIND.make().apply(program.setup(options));
    }
}
