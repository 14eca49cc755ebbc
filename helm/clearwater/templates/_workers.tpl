{{/* Every worker that is on: its values over workerDefaults, and what follows from them. YAML. */}}
{{- define "clearwater.workers" -}}
{{- $named := list -}}
{{- range $name, $given := .Values.workers -}}
{{- $named = concat $named (without (($given).pipelines | default (list "*")) "*") -}}
{{- end -}}
{{- $found := dict -}}
{{- range $name, $given := .Values.workers -}}
{{- $worker := mergeOverwrite (deepCopy $.Values.workerDefaults) (deepCopy (default dict $given)) -}}
{{- if $worker.enabled -}}
{{- $wanted := list -}}
{{- range $worker.pipelines -}}
{{- if eq . "*" -}}
{{- $wanted = concat $wanted (without (keys $.Values.pipelines) | sortAlpha) -}}
{{- range $named -}}{{- $wanted = without $wanted . -}}{{- end -}}
{{- else -}}
{{- $wanted = append $wanted . -}}
{{- end -}}
{{- end -}}
{{- $_ := set $worker "runs" ($wanted | uniq | sortAlpha) -}}
{{- $_ := set $worker "fullname" (printf "%s-%s" (include "clearwater.fullname" $) $name) -}}
{{- $_ := set $worker "groupId" (default (printf "%s-%s" $.Release.Name $name) $worker.groupId) -}}
{{- $mode := $worker.autoscaling.mode -}}
{{- $most := int $worker.replicas -}}
{{- if has $mode (list "hpa" "keda") -}}
{{- $useful := divf (int (default 0 $worker.autoscaling.partitions)) (int $worker.processes) | ceil | int -}}
{{- $most = min (int $worker.autoscaling.maxReplicas) (max 1 $useful) -}}
{{- end -}}
{{- $_ := set $worker "most" $most -}}
{{- $_ := set $worker "least" (ternary (int $worker.replicas) (int $worker.autoscaling.minReplicas) (eq $mode "none")) -}}
{{- $_ := set $found $name $worker -}}
{{- end -}}
{{- end -}}
{{- toYaml $found -}}
{{- end -}}

{{/* Of a worker: how its pods are replaced, `strategy` or `updateStrategy`. */}}
{{- define "clearwater.rollout" -}}
{{- $rollout := .rollout -}}
{{- if $rollout.strategy -}}
{{- toYaml $rollout.strategy -}}
{{- else if eq .kind "StatefulSet" -}}
type: RollingUpdate
{{- else if eq $rollout.profile "recreate" -}}
type: Recreate
{{- else if eq $rollout.profile "gentle" -}}
type: RollingUpdate
rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
{{- else -}}
type: RollingUpdate
rollingUpdate: {maxSurge: 100%, maxUnavailable: 0}
{{- end -}}
{{- end -}}

{{- define "clearwater.minReadySeconds" -}}
{{- if not (kindIs "invalid" .rollout.minReadySeconds) -}}
{{- int .rollout.minReadySeconds -}}
{{- else if eq .kind "StatefulSet" -}}
0
{{- else -}}
{{- ternary 30 10 (eq .rollout.profile "gentle") -}}
{{- end -}}
{{- end -}}
