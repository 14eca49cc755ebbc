{{/* Of (dict "context" $ "worker" WORKER "serviceAccount" NAME): what all our pods have in common. */}}
{{- define "clearwater.podHead" -}}
automountServiceAccountToken: {{ $.context.Values.serviceAccount.automountServiceAccountToken }}
enableServiceLinks: false
serviceAccountName: {{ .serviceAccount }}
{{- with concat $.context.Values.global.imagePullSecrets $.context.Values.imagePullSecrets | uniq }}
imagePullSecrets:
  {{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name }}{{ else }}{{ . }}{{ end }}
  {{- end }}
{{- end }}
{{- $security := deepCopy $.context.Values.podSecurityContext }}
{{- if $.context.Values.openshift }}{{ $security = omit $security "runAsUser" "runAsGroup" "fsGroup" }}{{ end }}
securityContext:
  {{- toYaml $security | nindent 2 }}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" "runtimeClassName" "schedulerName" "dnsPolicy" "dnsConfig" "hostAliases" }}
{{- with get $.worker $key }}
{{ $key }}:
  {{- if kindIs "string" . }} {{ . }}{{ else }}{{ tpl (toYaml .) $.context | nindent 2 }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Of (dict "context" $ "name" NAME "worker" WORKER): the pod of a worker. */}}
{{- define "clearwater.podTemplate" -}}
{{- $ := .context -}}
{{- $worker := .worker -}}
{{- $what := dict "context" $ "component" .name -}}
{{- $tables := concat (ternary (list (printf "%s-tables" (include "clearwater.fullname" $))) list (gt (len $.Values.tables) 0)) $.Values.existingTableConfigMaps -}}
{{- $maps := list -}}
{{- if $worker.runs }}{{ $maps = append $maps (printf "%s-pipelines" $worker.fullname) }}{{ end -}}
{{- if $.Values.policies }}{{ $maps = append $maps (printf "%s-policies" (include "clearwater.fullname" $)) }}{{ end -}}
{{- $maps = concat $maps $worker.existingPipelineConfigMaps $.Values.existingPolicyConfigMaps -}}
{{- $mounted := dict "context" $ "configMaps" $maps "tables" $tables -}}
metadata:
  labels:
    {{- merge (include "clearwater.selector" $what | fromYaml) (deepCopy $worker.podLabels) (deepCopy $.Values.commonLabels) | toYaml | nindent 4 }}
  {{- $annotations := deepCopy $worker.podAnnotations }}
  {{- if $worker.restartOnPipelineChange }}
  {{- $declared := dict "policies" $.Values.policies "tables" $.Values.tables }}
  {{- range $worker.runs }}{{ $_ := set $declared (printf "pipeline/%s" .) (get $.Values.pipelines .) }}{{ end }}
  {{- $_ := set $annotations "checksum/declarations" ($declared | toJson | sha256sum) }}
  {{- end }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "clearwater.podHead" (dict "context" $ "worker" $worker "serviceAccount" (include "clearwater.serviceAccountName" $)) | nindent 2 }}
  terminationGracePeriodSeconds: {{ int $worker.terminationGracePeriodSeconds }}
  {{- with $worker.initContainers }}
  initContainers:
    {{- tpl (toYaml .) $ | nindent 4 }}
  {{- end }}
  {{- if $worker.topologySpread.enabled }}
  topologySpreadConstraints:
    {{- if $worker.topologySpread.constraints }}
    {{- toYaml $worker.topologySpread.constraints | nindent 4 }}
    {{- else }}
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "clearwater.selector" $what | nindent 10 }}
      {{- if eq $worker.kind "Deployment" }}
      matchLabelKeys: [pod-template-hash]
      {{- end }}
    {{- end }}
    {{- end }}
  {{- end }}
  containers:
    - name: worker
      image: {{ include "clearwater.image" $ }}
      imagePullPolicy: {{ $.Values.image.pullPolicy }}
      args: [run, {{ include "clearwater.pipelinesAt" $ }}]
      env:
        {{- include "clearwater.connectionEnv" $ | nindent 8 }}
        - {name: CLEARWATER_GROUP, value: {{ $worker.groupId | quote }}}
        {{- if eq $worker.kind "StatefulSet" }}
        - name: CLEARWATER_INSTANCE_ID
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        {{- end }}
        - {name: CLEARWATER_WORKERS, value: {{ int $worker.processes | quote }}}
        - {name: CLEARWATER_DRAIN_TIMEOUT, value: {{ int $worker.drainTimeoutSeconds }}s}
        - {name: CLEARWATER_HTTP_HOST, value: 0.0.0.0}
        - {name: CLEARWATER_HTTP_PORT, value: "8086"}
        {{- with $worker.extraEnv }}
        {{- tpl (toYaml .) $ | nindent 8 }}
        {{- end }}
      {{- with $worker.extraEnvFrom }}
      envFrom:
        {{- tpl (toYaml .) $ | nindent 8 }}
      {{- end }}
      ports:
        - {name: http, containerPort: 8086, protocol: TCP}
      startupProbe:
        httpGet: {path: /livez, port: http}
        {{- toYaml $worker.probes.startup | nindent 8 }}
      livenessProbe:
        httpGet: {path: /livez, port: http}
        {{- toYaml $worker.probes.liveness | nindent 8 }}
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        {{- toYaml $worker.probes.readiness | nindent 8 }}
      {{- with $worker.lifecycle }}
      lifecycle:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      resources:
        {{- toYaml $worker.resources | nindent 8 }}
      securityContext:
        {{- toYaml $.Values.securityContext | nindent 8 }}
      terminationMessagePolicy: FallbackToLogsOnError
      volumeMounts:
        {{- include "clearwater.volumeMounts" $mounted | nindent 8 }}
        {{- with $worker.extraVolumeMounts }}
        {{- tpl (toYaml .) $ | nindent 8 }}
        {{- end }}
    {{- with $worker.extraContainers }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "clearwater.volumes" $mounted | nindent 4 }}
    {{- with $worker.extraVolumes }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
{{- end -}}
