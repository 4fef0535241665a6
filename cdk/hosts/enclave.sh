#!/bin/bash
# What an instance does once, at its first start: two units, the enclave and its parent, each started anew when
# it ends. Values between @ are given by the template (cdk/components/enclave_fleet.py). Packages come from
# Amazon Linux' own repositories, which are S3 buckets of the region.
set -euo pipefail

systemctl disable --now amazon-ssm-agent.service sshd.service || true

dnf install -y aws-nitro-enclaves-cli docker
cat > /etc/nitro_enclaves/allocator.yaml <<YAML
---
memory_mib: @EnclaveMemoryMib@
cpu_count: @EnclaveProcessors@
YAML
systemctl enable --now nitro-enclaves-allocator.service docker.service

install -d -m 0755 /opt/aval
aws s3 cp --region @Region@ "s3://@Bucket@/@EnclaveImage@" /opt/aval/enclave.eif
aws ecr get-login-password --region @Region@ | docker login --username AWS --password-stdin "@Registry@"
docker pull "@ParentImage@"

cat > /opt/aval/enclave <<'SH'
#!/bin/bash
set -euo pipefail
nitro-cli terminate-enclave --all
nitro-cli run-enclave --eif-path /opt/aval/enclave.eif --enclave-cid @EnclaveCid@ \
    --cpu-count @EnclaveProcessors@ --memory @EnclaveMemoryMib@
while nitro-cli describe-enclaves | grep -q '"State": "RUNNING"'; do sleep 2; done
exit 1
SH
chmod 0755 /opt/aval/enclave

cat > /etc/systemd/system/aval-enclave.service <<'UNIT'
[Unit]
Description=Aval: the enclave
After=nitro-enclaves-allocator.service
Requires=nitro-enclaves-allocator.service

[Service]
ExecStart=/opt/aval/enclave
ExecStop=/usr/bin/nitro-cli terminate-enclave --all
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
UNIT

# The host's own network, because instance metadata answers one hop alone. Docker's own filter of system calls
# forbids vsock, which is all that this container is for.
cat > /etc/systemd/system/aval-parent.service <<'UNIT'
[Unit]
Description=Aval: the parent
After=docker.service aval-enclave.service
Requires=docker.service

[Service]
ExecStartPre=-/usr/bin/docker rm --force aval-parent
ExecStart=/usr/bin/docker run --rm --name aval-parent --network host --read-only --cap-drop ALL \
    --security-opt no-new-privileges --security-opt seccomp=unconfined --stop-timeout 60 \
    --log-driver awslogs --log-opt awslogs-region=@Region@ --log-opt awslogs-group=@LogGroup@ \
    --env AWS_REGION=@Region@ --env AWS_DEFAULT_REGION=@Region@ --env-file /opt/aval/parent.env \
    @ParentImage@ --enclave vsock:@EnclaveCid@:@TaskPort@ --relay vsock:@AnyCid@:@RelayPort@ \
    --kms kms.@Region@.amazonaws.com:443
ExecStop=/usr/bin/docker stop --time 60 aval-parent
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
UNIT

cat > /opt/aval/parent.env <<'ENV'
@Environment@
ENV

systemctl daemon-reload
systemctl enable --now aval-enclave.service aval-parent.service
