"""Resource types that exist in AWS alone. Any other that the emulator does not know stops the deployment."""

import json
from collections.abc import Mapping
from typing import Final

# Type → why one machine does without it.
CLOUD_ONLY: Final[Mapping[str, str]] = {
    "AWS::EC2::FlowLog": "takes down the packets of a network; here there is none, all is the loopback",
    "AWS::CloudTrail::Trail": "audits an account; here KMS tells the default bus itself",
}


def without_cloud_only(template_text: str) -> str:
    """Return the template without resources of the types above, and without outputs that name them."""
    template = json.loads(template_text)
    resources = template.get("Resources", {})
    left_out = {name for name, resource in resources.items() if resource["Type"] in CLOUD_ONLY}
    if not left_out:
        return template_text
    template["Resources"] = {name: resource for name, resource in resources.items() if name not in left_out}
    outputs = template.get("Outputs", {})
    template["Outputs"] = {
        name: output
        for name, output in outputs.items()
        if not any(gone in json.dumps(output) for gone in left_out)
    }
    return json.dumps(template)
