{{/* What no schema can say: every value that could not work, each a line with the way out. */}}

{{- define "clearwater.problems" -}}
{{- include "clearwater.problems.connections" . }}
{{- include "clearwater.problems.declarations" . }}
{{- include "clearwater.problems.workers" . }}
{{- include "clearwater.problems.around" . }}
{{- end -}}

{{- define "clearwater.problems.connections" -}}
{{- $kafka := .Values.kafka -}}
{{- $sasl := $kafka.sasl -}}
{{- $isSasl := hasPrefix "SASL" $kafka.securityProtocol -}}
{{- $isTls := hasSuffix "SSL" $kafka.securityProtocol -}}
{{- if not $kafka.bootstrapServers }}
- kafka.bootstrapServers is empty: name the brokers, host:port, parted by commas
{{- end }}
{{- if not .Values.keys.existingSecret }}
- keys.existingSecret is empty: `clearwater keys create customers dead-letters --keys ./keys`, then `kubectl create secret generic clearwater-keys --from-file=./keys`
{{- end }}
{{- if and (not $isTls) (or $kafka.tls.existingSecret $kafka.tls.clientSecret) }}
- kafka.tls has no effect with securityProtocol {{ $kafka.securityProtocol }}: set SSL or SASL_SSL
{{- end }}
{{- if and $kafka.tls.clientSecret (or $kafka.tls.certKey $kafka.tls.keyKey) }}
- kafka.tls names two client certificates: clientSecret, or certKey and keyKey, not both
{{- end }}
{{- if ne (empty $kafka.tls.certKey) (empty $kafka.tls.keyKey) }}
- kafka.tls.certKey and kafka.tls.keyKey need each other
{{- end }}
{{- if and (not $isSasl) (or $sasl.mechanism $sasl.existingSecret) }}
- kafka.sasl has no effect with securityProtocol {{ $kafka.securityProtocol }}: set SASL_SSL
{{- end }}
{{- if and $isSasl (not $sasl.mechanism) }}
- kafka.sasl.mechanism is empty: {{ $kafka.securityProtocol }} needs PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER
{{- end }}
{{- if and $isSasl $sasl.mechanism (ne $sasl.mechanism "OAUTHBEARER") (not $sasl.existingSecret) }}
- kafka.sasl.existingSecret is empty: {{ $sasl.mechanism }} needs a Secret with user and password
{{- end }}
{{- if and $isSasl (eq $sasl.mechanism "OAUTHBEARER") }}
{{- if eq (empty $sasl.oauth.tokenEndpoint) (empty $sasl.oauth.tokenFile) }}
- kafka.sasl.oauth needs tokenEndpoint or tokenFile, one of them
{{- end }}
{{- if and $sasl.oauth.tokenEndpoint (or (not $sasl.oauth.clientId) (not $sasl.oauth.existingSecret)) }}
- kafka.sasl.oauth.tokenEndpoint needs clientId and existingSecret
{{- end }}
{{- if $sasl.existingSecret }}
- kafka.sasl.existingSecret has no effect with OAUTHBEARER: the client secret is kafka.sasl.oauth.existingSecret
{{- end }}
{{- end }}
{{- with .Values.schemaRegistry }}
{{- if and (not .url) (or .existingSecret .tls.existingSecret) }}
- schemaRegistry has no effect without schemaRegistry.url
{{- end }}
{{- if and .tls.existingSecret (not (hasPrefix "https://" .url)) }}
- schemaRegistry.tls has no effect without https:// in schemaRegistry.url
{{- end }}
{{- if ne (empty .tls.certKey) (empty .tls.keyKey) }}
- schemaRegistry.tls.certKey and schemaRegistry.tls.keyKey need each other
{{- end }}
{{- end }}
{{- end -}}

{{- define "clearwater.problems.declarations" -}}
{{- range $name, $pipeline := .Values.pipelines }}
{{- if ne (default $name $pipeline.pipeline) $name }}
- pipelines.{{ $name }}.pipeline is `{{ $pipeline.pipeline }}`: leave it out, or give both one name
{{- end }}
{{- $policies := values (default dict ($pipeline.privacy).destinations) }}
{{- with ($pipeline.privacy).policy }}{{ $policies = append $policies . }}{{ end }}
{{- if not $.Values.existingPolicyConfigMaps }}
{{- range $policies | uniq }}
{{- if not (hasKey $.Values.policies .) }}
- pipelines.{{ $name }} names the policy `{{ . }}`: declare it in policies, or name its ConfigMap in existingPolicyConfigMaps
{{- end }}
{{- end }}
{{- end }}
{{- if and (has "avro" (list $pipeline.source.value $pipeline.publish.value)) (not $.Values.schemaRegistry.url) }}
- pipelines.{{ $name }} speaks Avro: set schemaRegistry.url
{{- end }}
{{- end }}
{{- range $name, $policy := .Values.policies }}
{{- if ne (default $name $policy.policy) $name }}
- policies.{{ $name }}.policy is `{{ $policy.policy }}`: leave it out, or give both one name
{{- end }}
{{- end }}
{{- end -}}

{{- define "clearwater.problems.workers" -}}
{{- $workers := include "clearwater.workers" . | fromYaml -}}
{{- $runs := dict -}}
{{- $groups := dict -}}
{{- if not $workers }}
- no worker is enabled: enable one in workers
{{- end }}
{{- range $name, $worker := $workers }}
{{- $at := printf "workers.%s" $name }}
{{- range $worker.runs }}
{{- if not (hasKey $.Values.pipelines .) }}
- {{ $at }}.pipelines names `{{ . }}`, which is not in pipelines
{{- end }}
{{- if hasKey $runs . }}
- pipeline `{{ . }}` is run by the workers {{ get $runs . }} and {{ $name }}: its records would be published twice; name it in one
{{- end }}
{{- $_ := set $runs . $name }}
{{- end }}
{{- if hasKey $groups $worker.groupId }}
- {{ $at }}.groupId is that of worker {{ get $groups $worker.groupId }}: members of a group run the same pipelines
{{- end }}
{{- $_ := set $groups $worker.groupId $name }}
{{- if not (or $worker.runs $worker.existingPipelineConfigMaps) }}
- {{ $at }} has no pipeline: declare one in pipelines, or name a ConfigMap in existingPipelineConfigMaps
{{- end }}
{{- $least := add (int $worker.drainTimeoutSeconds) 15 | int }}
{{- if lt (int $worker.terminationGracePeriodSeconds) $least }}
- {{ $at }}.terminationGracePeriodSeconds is under drainTimeoutSeconds + 15: set at least {{ $least }}, or what is in flight is cut off
{{- end }}
{{- $scaling := $worker.autoscaling }}
{{- if ne $scaling.mode "none" }}
{{- if eq $worker.kind "StatefulSet" }}
- {{ $at }} is a StatefulSet: static members leave their partitions without an owner when scaled in; set kind Deployment or autoscaling.mode none
{{- end }}
{{- if and (has $scaling.mode (list "hpa" "keda")) (not $scaling.partitions) }}
- {{ $at }}.autoscaling.partitions is empty: set the partitions of the source topic; pods beyond them would idle
{{- else if and (has $scaling.mode (list "hpa" "keda")) (gt (int $scaling.minReplicas) (int $worker.most)) }}
- {{ $at }}.autoscaling.minReplicas is over the {{ $worker.most }} pods that maxReplicas, partitions and processes allow
{{- end }}
{{- if and (eq $scaling.mode "hpa") (lt (int $scaling.minReplicas) 1) }}
- {{ $at }}.autoscaling.minReplicas is 0: only keda scales to nothing
{{- end }}
{{- end }}
{{- if eq $scaling.mode "keda" }}
{{- if not (or $worker.runs $scaling.keda.triggers) }}
- {{ $at }}.autoscaling.keda.triggers is empty: topics of existingPipelineConfigMaps are not known here, so write a trigger
{{- end }}
{{- if and (not $scaling.keda.authenticationRef) (or (eq $.Values.kafka.sasl.mechanism "OAUTHBEARER") $.Values.kafka.sasl.username) }}
- {{ $at }}.autoscaling.keda.authenticationRef is empty: KEDA takes user and token only from a TriggerAuthentication
{{- end }}
{{- end }}
{{- $fewest := $worker.podDisruptionBudget.minAvailable }}
{{- if and $worker.podDisruptionBudget.enabled (kindIs "float64" $fewest) (gt (int $worker.least) 1) (ge (int $fewest) (int $worker.least)) }}
- {{ $at }}.podDisruptionBudget.minAvailable is not under the {{ $worker.least }} pods there are: no node could be drained
{{- end }}
{{- end }}
{{- range $name, $_ := .Values.pipelines }}
{{- if not (hasKey $runs $name) }}
- pipeline `{{ $name }}` is run by no worker: name it in a worker's pipelines, or `*`
{{- end }}
{{- end }}
{{- end -}}

{{- define "clearwater.problems.around" -}}
{{- with .Values.topics }}
{{- if and (eq .mode "strimzi") (not .strimzi.cluster) }}
- topics.strimzi.cluster is empty: name the Kafka resource that the topics belong to
{{- end }}
{{- if and .strimzi.user (ne .mode "strimzi") }}
- topics.strimzi.user has no effect with topics.mode {{ .mode }}: set strimzi
{{- end }}
{{- end }}
{{- with .Values.metrics }}
{{- if and .podMonitor.enabled .serviceMonitor.enabled }}
- metrics.podMonitor and metrics.serviceMonitor would scrape every pod twice: enable one
{{- end }}
{{- if and .serviceMonitor.enabled (not .service.enabled) }}
- metrics.serviceMonitor needs metrics.service.enabled
{{- end }}
{{- end }}
{{- end -}}
