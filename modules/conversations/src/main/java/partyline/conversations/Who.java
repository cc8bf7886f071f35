package partyline.conversations;

import partyline.identities.Identities;
import partyline.rules.Rules;

/// Who is who and who may reach whom: what this module asks of the modules below it.
public record Who(Identities identities, Rules rules) {}
