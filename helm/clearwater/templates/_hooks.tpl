{{/* Of (dict "context" $ "name" NAME "weight" N ["on" HOOKS]): metadata of what only a hook needs. */}}
{{- define "clearwater.hookMetadata" -}}
{{- $annotations := dict
  "helm.sh/hook" (.on | default "pre-install,pre-upgrade")
  "helm.sh/hook-weight" (.weight | toString)
  "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded" -}}
{{- include "clearwater.metadata" (dict "context" .context "component" "hooks" "name" .name "annotations" (merge $annotations (.annotations | default dict))) -}}
{{- end -}}

{{/* Of (dict "context" $ "worker" WORKER "step" WORD "weight" N "args" LIST ["on" HOOKS]): a Job of
our image that reads the new declarations, before anything else is changed. Helm 3.18 and newer print
its log if it fails. */}}
{{- define "clearwater.hookJob" -}}
{{- $ := .context -}}
{{- $hook := $.Values.hooks.check -}}
{{- $maps := list -}}
{{- if .worker.runs }}{{ $maps = append $maps (printf "%s-hook" .worker.fullname) }}{{ end -}}
{{- if $.Values.policies }}{{ $maps = append $maps (printf "%s-hook-policies" (include "clearwater.fullname" $)) }}{{ end -}}
{{- $maps = concat $maps .worker.existingPipelineConfigMaps $.Values.existingPolicyConfigMaps -}}
{{- $tables := concat (ternary (list (printf "%s-hook-tables" (include "clearwater.fullname" $))) list (gt (len $.Values.tables) 0)) $.Values.existingTableConfigMaps -}}
{{- $mounted := dict "context" $ "configMaps" $maps "tables" $tables -}}
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "clearwater.hookMetadata" (dict "context" $ "name" (printf "%s-%s" .worker.fullname .step) "weight" .weight "on" .on "annotations" (dict "helm.sh/hook-output-log-policy" "hook-failed")) | nindent 2 }}
spec:
  backoffLimit: 1
  activeDeadlineSeconds: {{ int $hook.activeDeadlineSeconds }}
  ttlSecondsAfterFinished: 3600
  template:
    metadata:
      labels:
        {{- include "clearwater.selector" (dict "context" $ "component" "hooks") | nindent 8 }}
        {{- with .worker.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      restartPolicy: Never
      {{- include "clearwater.podHead" (dict "context" $ "worker" .worker "serviceAccount" (printf "%s-hooks" (include "clearwater.fullname" $))) | nindent 6 }}
      {{- with .worker.initContainers }}
      initContainers:
        {{- tpl (toYaml .) $ | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .step }}
          image: {{ include "clearwater.image" $ }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          args: {{ toJson .args }}
          env:
            {{- include "clearwater.connectionEnv" $ | nindent 12 }}
            - {name: CLEARWATER_GROUP, value: {{ .worker.groupId | quote }}}
            {{- with .worker.extraEnv }}
            {{- tpl (toYaml .) $ | nindent 12 }}
            {{- end }}
          {{- with .worker.extraEnvFrom }}
          envFrom:
            {{- tpl (toYaml .) $ | nindent 12 }}
          {{- end }}
          resources:
            {{- toYaml $hook.resources | nindent 12 }}
          securityContext:
            {{- toYaml $.Values.securityContext | nindent 12 }}
          terminationMessagePolicy: FallbackToLogsOnError
          volumeMounts:
            {{- include "clearwater.volumeMounts" $mounted | nindent 12 }}
            {{- with .worker.extraVolumeMounts }}
            {{- tpl (toYaml .) $ | nindent 12 }}
            {{- end }}
      volumes:
        {{- include "clearwater.volumes" $mounted | nindent 8 }}
        {{- with .worker.extraVolumes }}
        {{- tpl (toYaml .) $ | nindent 8 }}
        {{- end }}
{{- end -}}
