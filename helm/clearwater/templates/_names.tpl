{{/* Names and labels. Selectors never change once released: see tests/helm. */}}

{{- define "clearwater.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 35 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 35 characters, so that worker names and what controllers append fit into 63. */}}
{{- define "clearwater.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 35 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 35 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "clearwater.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{/* Of (dict "context" $ "component" NAME): what a workload selects its pods by. */}}
{{- define "clearwater.selector" -}}
app.kubernetes.io/name: {{ include "clearwater.name" .context }}
app.kubernetes.io/instance: {{ .context.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Of (dict "context" $ "component" NAME): every label of an object. */}}
{{- define "clearwater.labels" -}}
{{- $own := include "clearwater.selector" . | fromYaml -}}
{{- $about := dict
  "app.kubernetes.io/part-of" "clearwater"
  "app.kubernetes.io/version" (.context.Chart.AppVersion | toString)
  "app.kubernetes.io/managed-by" .context.Release.Service
  "helm.sh/chart" (printf "%s-%s" .context.Chart.Name (.context.Chart.Version | replace "+" "_")) -}}
{{- merge $own $about (deepCopy .context.Values.commonLabels) | toYaml -}}
{{- end -}}

{{/* Of (dict "context" $ "component" NAME "name" OBJECT ["annotations" MAP] ["labels" MAP]). */}}
{{- define "clearwater.metadata" -}}
name: {{ .name }}
namespace: {{ .namespace | default (include "clearwater.namespace" .context) }}
labels:
  {{- merge (include "clearwater.labels" . | fromYaml) (.labels | default dict) | toYaml | nindent 2 }}
{{- with merge (.annotations | default dict) (deepCopy .context.Values.commonAnnotations) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "clearwater.image" -}}
{{- $image := .Values.image -}}
{{- $registry := default $image.registry .Values.global.imageRegistry -}}
{{- $name := ternary (printf "%s/%s" $registry $image.repository) $image.repository (ne $registry "") -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "clearwater.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "clearwater.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}
